"""Office documents made of their parts: for tests of the word estimate."""

from __future__ import annotations

import io
import math
import random
import zipfile

PICTURE = random.Random(9).randbytes(1_500_000)


def archive(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def by_size(content: bytes) -> int:
    return math.ceil(len(content) / 6)


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
