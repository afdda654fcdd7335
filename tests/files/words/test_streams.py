"""The word estimate of files that are larger than a block, oddly encoded, or made to be slow to read."""

from __future__ import annotations

import json
import random
import re
import tracemalloc

import pytest

from phrase_provider.files.sources import SourceFile
from phrase_provider.files.words import estimate_words
from phrase_provider.files.words.blocks import BLOCK_BYTES, cut_after
from phrase_provider.files.words.counting import count_words

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u312f\u31a0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}][^\s{UNSPACED}]*")


@pytest.fixture
def estimate(tmp_path):
    def estimate(name: str, content: str | bytes) -> int:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        return estimate_words(SourceFile(str(tmp_path / name), name, len(data)))

    return estimate


ALPHABETS = {
    "latin": "abc XYZ 0189 _-.,'\u2019“”—…«»\u00a0 ñéüßøž \u00d7 \n\t",
    "cyrillic_and_greek": "абв ЯЖ ёї αβγ Ωώ —\u2009 №“” \n",
    "arabic_and_hebrew": "سلام אבג ؟ \u200f ١٢ ﷲ \n",
    # Vowel signs stand on a letter: alone they begin no word for the reference.
    "hindi": ["\u0928", "\u092e\u0938", "\u0924\u0947", "\u0939\u0948", "\u0964", "a", " ", "\n"],
    "thai_lao_khmer_myanmar": "ไทย ลาว ຂອງ ខ្មែរ မြန် a \n",
    "hindi_and_thai": ["\u0928", "\u0e17\u0e22", "\u0964", "\u0965", "a", " ", "\n"],
    "vietnamese_and_khmer": "\u1ec7\u1ea5t \u1781\u17d2\u1010\u10d0 \n",
    "japanese": "日本 かなカナ ー a1 \u3000 𠮟 ｱｲ \uff21\uff11 \n",
    "korean": "한국 어 a, \n",
    "georgian_and_ethiopic": "აბ გ ሀለ ሐ a \n",
    "emoji": "a 😀👍 ☃ → b \ufe0f \n",
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
def test_words_are_those_of_a_reference_in_every_script(alphabet):
    choice = random.Random(7)
    for _ in range(400):
        text = "".join(choice.choices(alphabet, k=choice.randint(0, 30)))
        # A text does not begin with a mark that combines.
        text = f"a{text}"
        assert count_words(text.encode()) == len(WORD.findall(text)), repr(text)


HTML = "<!-- not <b>this</b> --><p title='nor > '>Caf&eacute; is<br>open</p><script>if (a<b) c</script>"
XLIFF = (
    "<trans-unit><source>Hello <g>dear</g> <ph id='2'>{code here}</ph> reader</source>"
    "<target>Guten Tag</target><alt-trans><source>nor that</source></alt-trans></trans-unit>"
)
ENTRIES = {
    "a.txt": ("lorem ipsum Größe\n", 3),
    "a.md": ("* See [our guide](https://x.example/a-b) <img src='a b'> \u2013 now\n", 4),
    "a.html": (HTML, 3),
    "a.xml": ("<s n='x y'><!-- no > -->Two words &amp; <![CDATA[<b>three</b>]]></s>", 3),
    "a.xlf": (XLIFF, 3),
    "a.json": ('{"key one": "Two \\"words\\" \\\\", "b" : ["three\\nfour", 5, null, true]},', 4),
    "a.yaml": ("k: one two # not this\n- three\n- 'q: r': four\n", 4),
    "a.properties": ("# not this\nkey.one = Your bag\n  b:x\n", 3),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_nothing_is_lost_or_counted_twice_between_blocks(estimate, name):
    entry, words = ENTRIES[name]
    times = 3 * BLOCK_BYTES // len(entry.encode()) + 7
    assert estimate(name, entry) == words
    assert estimate(name, entry * times) == words * times


@pytest.mark.parametrize("name", ENTRIES)
def test_memory_does_not_grow_with_the_file(estimate, name):
    entry, words = ENTRIES[name]
    few, many = (blocks * BLOCK_BYTES // len(entry.encode()) for blocks in (6, 24))
    short = peak(estimate, name, entry * few, words * few)
    assert peak(estimate, name, entry * many, words * many) < 1.3 * short


def peak(estimate, name: str, content: str, words: int) -> int:
    """Return the most bytes that an estimate held, beside the content that the test itself holds."""
    data = content.encode()
    tracemalloc.start()
    try:
        assert estimate(name, data) == words
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


CRAFTED = {
    "list items in a line": ("a.yaml", "- " * 31_000, 0),
    "list items in a line of Markdown": ("a.md", "- " * 31_000, 0),
    "comment openers": ("a.html", "<!--" * 48_750, 0),
    "text behind a comment that never ends": ("a.xml", "one two <!--" + "<!-- three" * 50_000, 2),
    "script openers": ("a.html", "one <script>" * 30_000, 1),
    "tag openers": ("a.xml", "<a " * 65_000, 65_000),
    "quotes in tags": ("a.html", "<a'\"" * 65_000, None),
    "sources that never end": ("a.xlf", "<source>one " * 30_000, 30_000),
    "ends of sources": ("a.xlf", "</source>one " * 30_000, 0),
    "code that never ends": ("a.xlf", "<source>one" + "<ph id='1'> two" * 30_000, 1),
    "link openers": ("a.md", "](a " * 48_750, 48_750),
    "ampersands": ("a.html", "&" * 200_000 + "one", 1),
    "brackets": ("a.json", "[" * 200_000, 0),
    "backslashes": ("a.json", '"one ' + "\\" * 200_001, 1),
    "quotes": ("a.json", '"' * 200_001, 0),
    "colons": ("a.properties", "a" * 200_000, 1),
    "a line": ("a.txt", "x" * 3 * BLOCK_BYTES, None),
    "a line of Japanese": ("a.txt", "語" * BLOCK_BYTES, BLOCK_BYTES),
}


@pytest.mark.parametrize("crafted", CRAFTED.values(), ids=CRAFTED)
def test_crafted_files_are_read_to_the_end(estimate, crafted):
    name, content, words = crafted
    counted = estimate(name, content)
    if words is None:
        assert counted <= len(content)
    else:
        assert counted == words


def test_a_long_string_of_json_is_one_value(estimate):
    content = {"key": "lorem ipsum " * BLOCK_BYTES, "long key " * 9: "end", "list": list(range(BLOCK_BYTES))}
    assert estimate("a.json", json.dumps(content)) == 2 * BLOCK_BYTES + 1
    assert estimate("b.json", json.dumps({"key": "語" * BLOCK_BYTES}, ensure_ascii=False)) == BLOCK_BYTES


def test_json_escapes_are_resolved(estimate):
    content = {"a": "日本語 naïve 👍", "b": 'C:\\new "x"', "c": "one\ttwo\u00a0three/four"}
    assert estimate("a.json", json.dumps(content)) == 3 + 1 + 2 + 3
    assert estimate("b.json", json.dumps(content, ensure_ascii=False)) == 3 + 1 + 2 + 3
    assert estimate("broken.json", '{"a": "one \\u12 \\q two"}') == 4


def test_escapes_of_properties_are_resolved(estimate):
    assert estimate("a.properties", 'a=\\u65e5\\u672c "one" it\\\'s \\\n  next\n') == 5


def test_character_references_are_resolved(estimate):
    content = (
        "<p>&nbsp;one&nbsp;two &mdash; &#8212; &#x2014; &#26085;&#x672C; caf&#233; &#1076;&#1072; AT&T</p>"
    )
    assert estimate("a.html", content) == 2 + 2 + 1 + 1 + 1


def test_numbers_alone_are_json_without_words(estimate):
    assert estimate("a.json", "[1, 2.5e3, true, null]") == 0


def test_xliff_with_a_prefix_and_empty_sources(estimate):
    content = (
        '<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.0"><x:source>one</x:source><x:target>zwei'
        '</x:target><source xml:space="preserve"/><target>drei</target><source>four</source></x:xliff>'
    )
    assert estimate("a.xliff", content) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_encodings(estimate, encoding):
    text = "Größe fünf été à Noël\n" * 60_000
    assert estimate("a.txt", text.encode(encoding)) == 5 * 60_000
    assert estimate("a.properties", ("key=" + text).encode(encoding)) == 5 * 60_000
    assert estimate("b.txt", "Слово за слово\n".encode("cp1251") * 60_000) == 3 * 60_000


def test_pieces_end_where_they_may_and_hold_all():
    blocks = [b"one <b", b"> two <c>three " + b"x" * BLOCK_BYTES, b"y" * BLOCK_BYTES, b" end"]
    pieces = list(cut_after((b">", b" "), blocks))
    assert b"".join(pieces) == b"".join(blocks)
    assert pieces[0] == b"one <b> two <c>"
    assert max(map(len, pieces)) <= 2 * BLOCK_BYTES + 32
