"""Markdown: prose is translated in place; front matter, code, links and layout stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.simulator.formats.pseudo import Pseudo

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---\r?\n", re.DOTALL)
_INLINE = re.compile(
    r"""(?P<ticks>`+).+?(?P=ticks)        # code
    | \]\( [^)]* \) | \]\[ [^\]]* \]      # where links lead
    | <[^<>\s]+>                          # autolinks
    | \\.""",
    re.VERBOSE | re.DOTALL,
)


def translate(text: str, pseudo: Pseudo) -> str:
    front = _FRONT_MATTER.match(text)
    begin = front.end() if front else 0
    lines = text[begin:].splitlines(keepends=True)
    cursors = [0] * len(lines)
    for number, piece, first in _prose(text[begin:]):
        place = lines[number].find(piece, cursors[number])
        if place < 0:
            continue
        written = pseudo(piece, mark=first, protect=_INLINE)
        lines[number] = lines[number][:place] + written + lines[number][place + len(piece) :]
        cursors[number] = place + len(written)
    return text[:begin] + "".join(lines)


def _prose(text: str) -> Iterator[tuple[int, str, bool]]:
    """Find the prose: line number, the line's part that is prose, and whether a block begins with it."""
    block = (0, 0)
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.map:
            block = (token.map[0], token.map[1])
        if token.type == "inline":
            for offset, piece in enumerate(token.content.split("\n")):
                if piece.strip() and block[0] + offset < block[1]:
                    yield block[0] + offset, piece.strip(), offset == 0
