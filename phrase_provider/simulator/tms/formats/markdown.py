"""Markdown: prose is translated in place; front matter, code, links and layout stay unchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)\r?\n.*?\n\1\r?\n", re.DOTALL)
_INLINE = r"""
      (?P<ticks>`+).+?(?P=ticks)          # code
    | \]\( [^)]* \) | \]\[ [^\]]* \]      # where links lead
    | \[\^ [^\]]+ \]                      # footnotes
    | <[^<>\s]+>                          # autolinks
    | (?<!\w) : [\w+-]+ :                 # emoji
    | \$ [^$\n]+ \$                       # formulas
    | \\."""
_LEAD = re.compile(r"\[[ xX]\]\s+|\[\^[^\]]+\]:\s+")
"""Markup that must come first in a block: a task's checkbox, a footnote's name."""


def translate(text: str, pseudo: Pseudo) -> str:
    front = _FRONT_MATTER.match(text)
    begin = front.end() if front else 0
    # As Markdown counts lines: str.splitlines() recognizes more line ends.
    lines = text[begin:].split("\n")
    cursors = [0] * len(lines)
    references: dict[str, Mapping[str, object]] = {}
    prose = list(_prose(text[begin:], references))
    protect = _protected(references)
    for number, piece, first in prose:
        place = lines[number].find(piece, cursors[number])
        if place < 0:
            continue
        lead = _LEAD.match(piece) if first else None
        kept = lead.end() if lead else 0
        written = piece[:kept] + pseudo(piece[kept:], mark=first, protect=protect)
        lines[number] = lines[number][:place] + written + lines[number][place + len(piece) :]
        cursors[number] = place + len(written)
    return text[:begin] + "\n".join(lines)


def _protected(references: Mapping[str, object]) -> re.Pattern[str]:
    """Return a pattern that also protects the labels of link definitions."""
    labels = [r"\s+".join(map(re.escape, label.split())) for label in references]
    named = "".join(rf"| \[(?i:{label})\] (?: \[\] )?" for label in labels)
    return re.compile(_INLINE + named, re.VERBOSE | re.DOTALL)


def _prose(text: str, references: dict[str, Mapping[str, object]]) -> Iterator[tuple[int, str, bool]]:
    """
    Yield the prose: line number, the part of the line that is prose, and whether it begins a block.

    :param references: gets the link definitions, by label.
    """
    block = (0, 0)
    environment: dict[str, object] = {"references": references}
    for token in MarkdownIt("commonmark").enable("table").parse(text, environment):
        if token.map:
            block = (token.map[0], token.map[1])
        if token.type == "inline":
            for offset, piece in enumerate(token.content.split("\n")):
                if piece.strip() and block[0] + offset < block[1]:
                    yield block[0] + offset, piece.strip(), offset == 0
