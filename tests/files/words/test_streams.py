"""The word estimate of files that are larger than a block, or made to be slow to read."""

from __future__ import annotations

import tracemalloc

import pytest

from phrase_provider.files.words.blocks import BLOCK_BYTES

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
