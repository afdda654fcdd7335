"""Text between tags: XML, XLIFF, HTML, Markdown."""

from __future__ import annotations


def test_markdown_counts_without_tags_and_link_targets(estimate):
    assert estimate("a.md", '# Title\n\nSee [our guide](https://x.example/a b) <img src="a b.png"> now.') == 5


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


def test_xliff_with_a_prefix_and_empty_sources(estimate):
    content = (
        '<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.0"><x:source>one</x:source><x:target>zwei'
        '</x:target><source xml:space="preserve"/><target>drei</target><source>four</source></x:xliff>'
    )
    assert estimate("a.xliff", content) == 2


def test_html_counts_what_is_shown(estimate):
    content = (
        "<html><head><title>A title</title><style>p { color: red }</style>"
        "<script>var not = 'this';</script></head>"
        "<body><p class='x y'>Caf&eacute; is<br>open</p></body></html>"
    )
    assert estimate("a.html", content) == 5


def test_entities_are_not_expanded(estimate):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "word word">{levels}]><r>&e9;</r>'
    assert estimate("bomb.xml", bomb) < 1_000
