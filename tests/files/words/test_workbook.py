"""Workbooks: a text counts in each cell that refers to it."""

from __future__ import annotations

from office_documents import PICTURE, archive, by_size

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


def test_an_endless_cell_counts_by_the_size_of_its_workbook(estimate):
    shared = f"<sst><si>{'<t>' + PICTURE[:3_000_000].hex() + '</t>'}</si></sst>"
    content = archive({"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": SHEET})
    assert estimate("a.xlsx", content) == by_size(content)
