"""The word estimate of office documents: their text, whatever else is in their archives."""

from __future__ import annotations

import io
import math
import random
import tracemalloc
import zipfile

import pytest

from phrase_provider.files.sources import SourceFile
from phrase_provider.files.words import estimate_words

PICTURE = random.Random(9).randbytes(1_500_000)


def archive(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def by_size(content: bytes) -> int:
    return math.ceil(len(content) / 6)


@pytest.fixture
def estimate(tmp_path):
    def estimate(name: str, content: bytes) -> int:
        (tmp_path / name).write_bytes(content)
        return estimate_words(SourceFile(str(tmp_path / name), name, len(content)))

    return estimate


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"


def word(body: str) -> str:
    names = 'xmlns:w="http://w" xmlns:mc="http://mc"'
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document {names}><w:body>{body}</w:body></w:document>'


def box(content: str) -> str:
    choices = f"<mc:Choice>{content}</mc:Choice><mc:Fallback>{content}</mc:Fallback>"
    return f"<w:r><mc:AlternateContent>{choices}</mc:AlternateContent></w:r>"


DOCUMENT = {
    "word/document.xml": word(
        paragraph("Two", " wo", "rds")
        + paragraph("three &amp; four<w:tab/>", "five")
        + "<w:p><w:r><w:t>six</w:t><w:br/><w:t>seven</w:t></w:r></w:p>"
        + "<w:p><w:del><w:r><w:delText>not this</w:delText></w:r></w:del></w:p>"
        + "<w:p><w:r><w:instrText>NOR THIS</w:instrText></w:r></w:p>"
        + f"<w:p>{box(paragraph('eight'))}</w:p>"
    ),
    "word/header1.xml": word(paragraph("nine")),
    "word/footnotes.xml": word(paragraph("ten \u65e5\u672c")),
    "word/comments.xml": word(paragraph("not this")),
    "docProps/app.xml": "<Properties><Application>not this</Application></Properties>",
    "word/media/image1.png": PICTURE,
}


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


SHARED = (
    "<sst><si><t>one two</t></si><si><r><t>thr</t></r><r><t>ee</t></r></si><si><t>\u6771\u4eac</t>"
    "<rPh><t>\u3068\u3046\u304d\u3087\u3046</t></rPh></si><si><t>never used</t></si></sst>"
)
SHEET = (
    '<worksheet><row><c t="s"><v>0</v></c><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c>'
    '<c><v>3</v></c><c t="n"><v>17</v></c><c t="str"><f>A1</f><v>not this</v></c>'
    '<c t="inlineStr"><is><t>four five</t></is></c><c t="s"><v>99</v></c><c t="s"><v>-x</v></c></row>'
    "</worksheet>"
)


def test_a_workbook_counts_texts_as_often_as_cells_have_them(estimate):
    content = archive(
        {
            "xl/sharedStrings.xml": SHARED,
            "xl/worksheets/sheet1.xml": SHEET,
            "xl/worksheets/sheet2.xml": SHEET,
            "xl/workbook.xml": '<workbook><sheets><sheet name="not this"/></sheets></workbook>',
            "xl/media/image1.png": PICTURE,
        }
    )
    assert estimate("a.xlsx", content) == 2 * (2 + 2 + 1 + 2 + 2)


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


@pytest.mark.parametrize("name", ["a.xlsx", "a.odt", "a.epub", "a.pptx"])
def test_a_document_of_another_kind_than_its_name_counts_by_its_size(estimate, name):
    content = archive({"word/document.xml": word(paragraph("one"))})
    assert estimate(name, content) == by_size(content)


def test_an_endless_cell_counts_by_the_size_of_its_workbook(estimate):
    shared = f"<sst><si>{'<t>' + PICTURE[:3_000_000].hex() + '</t>'}</si></sst>"
    content = archive({"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": SHEET})
    assert estimate("a.xlsx", content) == by_size(content)


def test_text_that_is_called_a_document_counts_as_text(estimate):
    assert estimate("a.docx", b"two words") == 2


def test_damage_anywhere_never_raises(estimate):
    choice = random.Random(3)
    whole = archive({"word/document.xml": DOCUMENT["word/document.xml"], "word/header1.xml": word("")})
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(choice.randint(1, 8)):
            content[choice.randrange(len(content))] = choice.randrange(256)
        assert estimate("a.docx", bytes(content)) >= 0


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
