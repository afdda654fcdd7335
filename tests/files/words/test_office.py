"""The word estimate of office documents: their text, whatever else is in their archives."""

from __future__ import annotations

import tracemalloc
import zipfile

import pytest
from office_documents import DOCUMENT, PICTURE, archive, by_size, paragraph, word

from phrase_provider.files.sources import SourceFile
from phrase_provider.files.words import estimate_words


def test_a_word_document_counts_its_text_not_its_pictures(estimate):
    assert estimate("a.docx", archive(DOCUMENT)) == 12
    assert estimate("A.DOCM", archive(DOCUMENT)) == 12


def slide(text: str, attributes: str = "") -> str:
    body = f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"
    return f'<p:sld xmlns:p="http://p" xmlns:a="http://a"{attributes}>{body}</p:sld>'


def test_a_presentation_counts_slides_that_are_shown(estimate):
    content = archive(
        {
            "ppt/slides/slide1.xml": slide("one two"),
            "ppt/slides/slide2.xml": slide("three"),
            "ppt/slides/slide3.xml": slide("not this", ' show="0"'),
            "ppt/notesSlides/notesSlide1.xml": slide("not this"),
            "ppt/slideMasters/slideMaster1.xml": slide("nor this"),
            "ppt/media/film.mp4": PICTURE,
        }
    )
    assert estimate("a.pptx", content) == 3


OPEN_DOCUMENT = (
    '<office:document-content xmlns:office="urn:o" xmlns:text="urn:t" xmlns:table="urn:b"><office:body>'
    "<text:h>A title</text:h><text:p>two<text:s/>words, <text:span>th</text:span>ree<text:line-break/>four"
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>five</text:p></text:note-body>"
    "</text:note><office:annotation><text:p>not this</text:p></office:annotation></text:p>"
    "<text:tracked-changes><text:p>nor this</text:p></text:tracked-changes>"
    '<table:table-cell office:value-type="float"><text:p>17</text:p></table:table-cell>'
    '<table:table-cell office:value-type="string"><text:p>six</text:p></table:table-cell>'
    "</office:body></office:document-content>"
)


@pytest.mark.parametrize("name", ["a.odt", "a.ods", "a.odp", "a.odg", "a.ott"])
def test_an_open_document_counts_its_text(estimate, name):
    content = archive(
        {"content.xml": OPEN_DOCUMENT, "meta.xml": "<m>not this</m>", "Pictures/1.png": PICTURE}
    )
    assert estimate(name, content) == 2 + 4 + 1 + 1


def test_books_and_layouts_count_their_text(estimate):
    story = (
        "<Story><ParagraphStyleRange><CharacterStyleRange><Content>Two wo</Content></CharacterStyleRange>"
        "<CharacterStyleRange><Content>rds</Content><Br/><Content>three</Content><Note><Content>not this"
        "</Content></Note></CharacterStyleRange></ParagraphStyleRange></Story>"
    )
    assert estimate("a.idml", archive({"Stories/Story_u1.xml": story, "Spreads/a.xml": story})) == 3
    page = "<html><style>not this</style><p title='nor this'>Two words</p></html>"
    assert estimate("a.epub", archive({"OEBPS/1.xhtml": page, "OEBPS/2.html": page, "c.png": PICTURE})) == 4


def test_a_long_document_is_read_as_a_stream(estimate):
    body = "".join(paragraph(f"lorem{number} ip", "sum") for number in range(60_000))
    content = archive({"word/document.xml": word(body)}, zipfile.ZIP_STORED)
    tracemalloc.start()
    try:
        assert estimate("a.docx", content) == 120_000
        assert tracemalloc.get_traced_memory()[1] < len(content) / 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["a.xlsx", "a.odt", "a.epub", "a.pptx"])
def test_a_document_of_another_kind_than_its_name_counts_by_its_size(estimate, name):
    content = archive({"word/document.xml": word(paragraph("one"))})
    assert estimate(name, content) == by_size(content)


def test_text_that_is_called_a_document_counts_as_text(estimate):
    assert estimate("a.docx", b"two words") == 2


@pytest.fixture
def store():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    yield fs
    fs.store.clear()


def test_a_document_in_an_object_store_counts_its_text(store):
    content = archive(DOCUMENT)
    store.pipe("/documents/a.docx", content)
    assert estimate_words(SourceFile("memory://documents/a.docx", "a.docx", len(content))) == 12
