"""Text of chosen elements of XML, whose tags may be torn between blocks."""

from __future__ import annotations

import pytest

from phrase_provider.files.words.elements import element_text

DOCUMENT = (
    '<x:doc xmlns:x="urn:x">not this<x:p>one <x:b>t</x:b>wo<x:br/>three &amp; four</x:p>'
    '<x:p skip="yes">not this<x:p>nor this</x:p>nor that</x:p><x:p>f\u00fcnf</x:p></x:doc>'
).encode()


def text(*blocks: bytes) -> str:
    pieces = element_text(
        blocks, within={"p"}, breaks={"p", "br"}, hides=lambda name, attributes: "skip" in attributes
    )
    return b"".join(pieces).decode()


def test_chosen_elements_count_whatever_their_prefix():
    assert text(DOCUMENT).split() == ["one", "two", "three", "&", "four", "f\u00fcnf"]


def test_words_go_across_elements_that_break_nothing():
    assert [line for line in text(DOCUMENT).split("\n") if line] == ["one two", "three & four", "f\u00fcnf"]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_blocks_may_end_anywhere(size):
    blocks = [DOCUMENT[at : at + size] for at in range(0, len(DOCUMENT), size)]
    assert text(*blocks) == text(DOCUMENT)


@pytest.mark.parametrize("document", [b"<p>never ends", b"<p></b>", b"", b"no tags", b"<p>\xff</p>"])
def test_what_is_not_well_formed_is_an_error(document):
    with pytest.raises(ValueError, match="no XML"):
        text(document)


def test_definition_of_an_entity_is_refused_before_it_is_used():
    with pytest.raises(ValueError, match="entities are not expanded"):
        text(b'<!DOCTYPE p [<!ENTITY a "word">]>', b"<p>one</p>")
