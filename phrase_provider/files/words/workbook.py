"""Words of an Excel workbook: its texts are in one list, and its cells refer to them."""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING

from phrase_provider.files.words.counting import count_words
from phrase_provider.files.words.elements import XmlHandler, parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.files.words.package import Package

_SHARED = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Far more than Excel has in a cell (32,767), and in a sheet of a reasonable size.
_CELL_CHARACTERS = 1024 * 1024
_SHARED_STRINGS = 5_000_000


def count_workbook(package: Package) -> int:
    """
    Return the words of all cells that hold text, each time that a text is used.

    :raises ValueError: no workbook, or one beyond the bounds.
    """
    shared = _SharedStrings()
    for part in package.parts(_SHARED):
        for _ in parse_xml(part, shared):
            pass
    cells = _Cells(shared.words)
    sheets = 0
    for sheets, part in enumerate(package.parts(_SHEETS), 1):  # noqa: B007
        for _ in parse_xml(part, cells):
            pass
    if not sheets:
        raise ValueError("no workbook")
    return cells.words


class _Collected(XmlHandler):
    """Collects the text of one cell."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._characters = 0
        self._collects = False

    def characters(self, text: str) -> None:
        if self._collects:
            self._characters += len(text)
            if self._characters > _CELL_CHARACTERS:
                raise ValueError("a cell that exceeds the bounds")
            self._texts.append(text)

    def _take(self) -> str:
        text = "".join(self._texts)
        self._texts.clear()
        self._characters = 0
        return text


class _SharedStrings(_Collected):
    """The words of each text in the list; how it is pronounced (``rPh``) is not text."""

    def __init__(self) -> None:
        super().__init__()
        self.words = array("I")
        self._pronounced = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rPh":
            self._pronounced = True
        self._collects = name == "t" and not self._pronounced

    def end(self, name: str) -> None:
        self._collects = False
        if name == "rPh":
            self._pronounced = False
        elif name == "si":
            if len(self.words) == _SHARED_STRINGS:
                raise ValueError("a list of texts that exceeds the bounds")
            self.words.append(count_words(self._take().encode(errors="surrogatepass")))


class _Cells(_Collected):
    """
    The words of cells. Numbers, dates and what formulas give are not translated.

    :param shared: words of each text in the list.
    """

    def __init__(self, shared: array[int]) -> None:
        super().__init__()
        self.words = 0
        self._shared = shared
        self._type = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._type = attributes.get("t", "")
        self._collects = name == {"s": "v", "inlineStr": "t"}.get(self._type)

    def end(self, name: str) -> None:
        self._collects = False
        if name == "c":
            text = self._take()
            if self._type == "s":
                self.words += self._of_shared(text)
            else:
                self.words += count_words(text.encode(errors="surrogatepass"))
            self._type = ""

    def _of_shared(self, index: str) -> int:
        try:
            return self._shared[int(index)]
        except (ValueError, IndexError):
            return 0
