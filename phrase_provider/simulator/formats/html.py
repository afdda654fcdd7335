"""HTML: text between tags is translated in place; scripts, styles and code stay."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from phrase_provider.simulator.languages import bcp47

if TYPE_CHECKING:
    from phrase_provider.simulator.formats.pseudo import Pseudo

_OPAQUE = frozenset({"script", "style", "code", "pre", "svg", "math", "textarea"})
_LANG = re.compile(r"""(<html\b[^>]*?\s(?:xml:)?lang=["']?)[A-Za-z-]+""", re.IGNORECASE)


def translate(text: str, pseudo: Pseudo) -> str:
    """Translate a page; everything that is not text keeps its place and its spelling."""
    finder = _TextFinder(text)
    pieces: list[str] = []
    end = 0
    for begin, data, first in finder.found:
        pieces += [text[end:begin], pseudo(data, mark=first)]
        end = begin + len(data)
    page = "".join([*pieces, text[end:]])
    return _LANG.sub(lambda match: match[1] + bcp47(pseudo.language), page, count=1)


class _TextFinder(HTMLParser):
    """
    Finds the texts of a page: position, text, and whether it is the first one after a tag.

    :param text: the page.
    """

    def __init__(self, text: str) -> None:
        # Entities are left to stand, so that each text is a slice of the page.
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str, bool]] = []
        self._lines = _line_starts(text)
        self._opaque: list[str] = []
        self._first = True
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._first = True
        if tag in _OPAQUE:
            self._opaque.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._first = True
        if tag in self._opaque:
            self._opaque.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._opaque and data.strip():
            line, column = self.getpos()
            self.found.append((self._lines[line - 1] + column, data, self._first))
            self._first = False


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]
