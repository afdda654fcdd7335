"""Archives that are broken or made to hurt: they count by their size, within bounds of memory."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile

import pytest
from office_documents import DOCUMENT, PICTURE, archive, by_size, paragraph, word


def with_entries(count: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("word/document.xml", word(paragraph("one")))
        for number in range(count):
            file.writestr(f"{number:>100}", b"")
    return content.getvalue()


def claiming(size: int) -> bytes:
    """Return a document whose text claims another size than it has."""
    content = bytearray(archive({"word/document.xml": word(paragraph("one " * 1000))}))
    at = content.rindex(b"PK\1\2")
    content[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(content)


def flagged(offset: int, value: int) -> bytes:
    content = bytearray(archive({"word/document.xml": word(paragraph("one " * 1000))}))
    content[content.rindex(b"PK\1\2") + offset] = value
    return bytes(content)


ENTITIES = '<!DOCTYPE w [<!ENTITY a "word word"><!ENTITY b "&a;&a;">]><w:t xmlns:w="http://w">&b;</w:t>'


UNREADABLE = {
    "no archive": b"PK\3\4\0\0" + PICTURE[:5_000],
    "cut": archive(DOCUMENT)[:-500],
    "without its end": archive(DOCUMENT)[: len(PICTURE) // 2],
    "no document": archive({"a.txt": "one two", "b.png": PICTURE}),
    "no XML": archive({"word/document.xml": b"\0\1<w:t>" + PICTURE}),
    "never ends": archive({"word/document.xml": word(paragraph("one"))[:-20]}),
    "entities": archive({"word/document.xml": ENTITIES}),
    "unpacks to a thousandfold": archive({"word/document.xml": word(paragraph(" " * 40_000_000))}),
    "too many entries": with_entries(20_000),
    "claims less than it has": claiming(500),
    "encrypted": flagged(8, 1),
    "packed in another way": flagged(10, 12),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_broken_or_hostile_document_counts_by_its_size(estimate, content):
    tracemalloc.start()
    try:
        assert estimate("a.docx", content) == by_size(content)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_damage_anywhere_never_raises(estimate):
    choice = random.Random(3)
    whole = archive({"word/document.xml": DOCUMENT["word/document.xml"], "word/header1.xml": word("")})
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(choice.randint(1, 8)):
            content[choice.randrange(len(content))] = choice.randrange(256)
        assert estimate("a.docx", bytes(content)) >= 0
