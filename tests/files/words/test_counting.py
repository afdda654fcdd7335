from __future__ import annotations

import json

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.sources import SourceFile
from phrase_provider.files.words import estimate_words


@pytest.fixture
def estimate(tmp_path):
    def estimate(name: str, content: str | bytes) -> int:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        return estimate_words(SourceFile(str(tmp_path / name), name, len(data)))

    return estimate


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two words", 2),
        ("don't e-mail — 42 times!", 4),
        ("\n\t - * --- \n", 0),
        ("Größe naïve Русский العربية", 4),
        ("日本語テスト", 6),
        ("Airflowは便利 です", 6),
        ("한국어 문장", 2),
        ("ไทย", 3),
    ],
)
def test_plain_text_counts_by_script(estimate, text, words):
    assert estimate("a.txt", text) == words


def test_a_byte_order_mark_is_respected(estimate):
    assert estimate("a.txt", "Größe fünf".encode("utf-16")) == 2
    assert estimate("b.txt", b"\xef\xbb\xbfone two") == 2


def test_markdown_counts_without_tags_and_link_targets(estimate):
    assert estimate("a.md", '# Title\n\nSee [our guide](https://x.example/a b) <img src="a b.png"> now.') == 5


def test_json_counts_values_only(estimate):
    content = {
        "key one": "Two words",
        "list": ["three", {"deep key": "four five"}],
        "number": 7,
        "none": None,
    }
    assert estimate("a.json", json.dumps(content)) == 5
    assert estimate("a.arb", json.dumps(content)) == 5


def test_yaml_counts_values_only(estimate):
    assert (
        estimate(
            "a.yaml", 'title: Two words\nlist:\n  - name: three # not this\n  - "a: b": four\n  - five six\n'
        )
        == 6
    )


def test_properties_count_values_only(estimate):
    assert estimate("a.properties", "# not this\ncart.title = Your bag\ncart.empty=Empty\n") == 3


def test_xml_counts_text_between_tags(estimate):
    content = '<r a="not this"><!-- nor this --><s n="x">Two words</s><s>three &amp; four</s></r>'
    assert estimate("strings.xml", content) == 4


XLIFF = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="en">
<body><trans-unit id="1"><source>Hello <g id="1">dear</g> <ph id="2">{some code}</ph> reader</source>
<target>Guten Tag</target><note>not this</note>
<alt-trans><source>nor that</source></alt-trans></trans-unit></body></file></xliff>"""


def test_xliff_counts_sources_without_inline_code(estimate):
    assert estimate("a.xlf", XLIFF) == 3


def test_html_counts_what_is_shown(estimate):
    content = (
        "<html><head><title>A title</title><style>p { color: red }</style>"
        "<script>var not = 'this';</script></head>"
        "<body><p class='x y'>Caf&eacute; is<br>open</p></body></html>"
    )
    assert estimate("a.html", content) == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"key": "never ends'),
        ("deep.json", "[" * 100_000 + " key never ends"),
        ("a.xml", "<a>key <b>never ends"),
        ("a.html", "<![key never ends"),
        ("a.yaml", "key: [never: ends"),
    ],
)
def test_a_broken_file_still_counts(estimate, name, content):
    assert 1 <= estimate(name, content) <= 3


def test_entities_are_not_expanded(estimate):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "word word">{levels}]><r>&e9;</r>'
    assert estimate("bomb.xml", bomb) < 1_000


def test_a_binary_file_counts_by_its_size(estimate):
    assert estimate("a.docx", b"PK\x03\x04\0\0" + b"x" * 595) == 101
    assert estimate("a.pdf", b"%PDF-1.7 " + b"x" * 51) == 10


def test_words_at_the_seams_of_long_lines_count_once_or_twice(estimate):
    assert 100_000 <= estimate("a.txt", "lorem ipsum " * 50_000) <= 100_010


def test_an_unreadable_file_is_an_input_error(tmp_path):
    with pytest.raises(PhraseInputError, match="cannot be read"):
        estimate_words(SourceFile(str(tmp_path / "none.md"), "none.md", 1))
