"""
Words of documents that are archives: Word, PowerPoint, Excel, OpenDocument, InDesign, EPUB.

Python's own ``zipfile`` and ``expat`` read them: each format has a library of its own, none streams, and all
that is wanted is text. What counts is what Phrase imports where no import setting says otherwise: headers and
footers, but no comments, notes of slides or alternative texts (``FileImportSettingsDto`` and what it names).
"""

from __future__ import annotations

import re
from functools import partial
from typing import IO, TYPE_CHECKING

from phrase_provider.files.words.blocks import cut_after
from phrase_provider.files.words.counting import count_words
from phrase_provider.files.words.elements import element_text
from phrase_provider.files.words.markup import html_text
from phrase_provider.files.words.package import open_package
from phrase_provider.files.words.workbook import count_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from phrase_provider.files.words.package import Package

# A text box is there twice, the second time for old programs; a deleted paragraph has its text elsewhere.
_OOXML_HIDDEN = frozenset({"Fallback"})
_ODF_HIDDEN = frozenset({"annotation", "tracked-changes", "note-citation", "notes", "ruby-text"})
_VALUE_TYPE = "office:value-type"


def _is_hidden_in_ooxml(name: str, attributes: Mapping[str, str]) -> bool:
    return name in _OOXML_HIDDEN or (name == "sld" and attributes.get("show") in ("0", "false"))


def _is_hidden_in_odf(name: str, attributes: Mapping[str, str]) -> bool:
    # Numbers and dates of a table have their text beside their value.
    return name in _ODF_HIDDEN or attributes.get(_VALUE_TYPE, "string") != "string"


def _is_hidden_in_idml(name: str, attributes: Mapping[str, str]) -> bool:
    return name == "Note"


def _count(package: Package, name: str, read: Callable[[Iterable[bytes]], Iterator[bytes]]) -> int:
    words = found = 0
    for part in package.parts(re.compile(name, re.IGNORECASE)):
        found += 1
        words += sum(map(count_words, cut_after((b"\n", b" "), read(part))))
    if not found:
        raise ValueError("another kind of archive")
    return words


_OOXML = partial(element_text, within={"t"}, breaks={"p", "br", "cr", "tab"}, hides=_is_hidden_in_ooxml)
_ODF = partial(
    element_text, within={"p", "h"}, breaks={"p", "h", "s", "tab", "line-break"}, hides=_is_hidden_in_odf
)
_IDML = partial(
    element_text, within={"Content"}, breaks={"Br", "ParagraphStyleRange"}, hides=_is_hidden_in_idml
)

_WORD = partial(_count, name=r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml", read=_OOXML)
_SLIDES = partial(_count, name=r"ppt/slides/[^/]+\.xml", read=_OOXML)
_OPEN_DOCUMENT = partial(_count, name=r"(?:content|styles)\.xml", read=_ODF)
_STORIES = partial(_count, name=r"Stories/[^/]+\.xml", read=_IDML)
_BOOK = partial(_count, name=r".+\.x?html?", read=html_text)

#: How the words of a document are counted, by the end of its name.
PACKAGES: Mapping[str, Callable[[Package], int]] = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), _WORD),
    **dict.fromkeys((".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm"), _SLIDES),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), count_workbook),
    **dict.fromkeys((".odt", ".ott", ".ods", ".ots", ".odp", ".otp", ".odg", ".otg"), _OPEN_DOCUMENT),
    ".idml": _STORIES,
    ".epub": _BOOK,
}


def count_package(file: IO[bytes], size: int, suffix: str) -> int:
    """
    Return the words of a document that is an archive.

    :param file: can seek.
    :param size: bytes of the file.
    :param suffix: one of :data:`PACKAGES`.
    :raises ValueError: it is not what its name says, broken, encrypted, or beyond the bounds.
    """
    with open_package(file, size) as package:
        return PACKAGES[suffix](package)
