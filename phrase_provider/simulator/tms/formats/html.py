"""HTML: text and visible attributes are translated in place; scripts and code stay unchanged."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.languages import bcp47

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_OPAQUE = frozenset({"script", "style", "code", "pre", "svg", "math", "textarea"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_READ = frozenset({"alt", "title", "placeholder", "aria-label"})
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|[^\s"'>]+)""")
_LANG = re.compile(r"""(<html\b[^>]*?\s(?:xml:)?lang=["']?)[A-Za-z-]+""", re.IGNORECASE)


def translate(text: str, pseudo: Pseudo) -> str:
    """Return the page translated; everything that is not text keeps its position and spelling."""
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
        # Entities are not resolved, so that each text is a slice of the page.
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str, bool]] = []
        self._lines = _line_starts(text)
        self._opaque: list[str] = []
        """The element that is skipped, and the open elements in it."""
        self._first = True
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._first = True
        if tag not in _VOID and (self._opaque or tag in _OPAQUE or ("translate", "no") in attrs):
            self._opaque.append(tag)
        elif not self._opaque:
            self._find_attributes(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._first = True
        if tag in self._opaque:
            while self._opaque.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._opaque and data.strip():
            self.found.append((self._position(), data, self._first))
            self._first = False

    def _find_attributes(self, tag: str) -> None:
        for match in _ATTRIBUTE.finditer(tag):
            value = match.lastindex
            if value and value > 1 and match[1].lower() in _READ:
                self.found.append((self._position() + match.start(value), match[value], True))

    def _position(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]
