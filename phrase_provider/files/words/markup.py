"""
Text between tags: XML, XLIFF, HTML, Markdown.

Tags are found by patterns and not by a parser. A pattern stops at the next ``<``, so that no content makes
it read the same bytes again and again, and what is left open does no harm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phrase_provider.files.words.blocks import cut_after
from phrase_provider.files.words.escapes import resolve_references
from phrase_provider.files.words.hidden import Hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Where a piece of markup may end, the best first.
TAG_ENDS = (b">", b"\n", b" ")

_TAG = re.compile(rb"<[^\s<>][^<>]*+>")
_MARKDOWN_MARKUP = re.compile(rb"<[^<>\n]*+>|\]\([^()\n]*+\)")
_COMMENT = (rb"!--", rb"-->")
_XML_COMMENTS = Hidden(_COMMENT)
_HTML_HIDDEN = Hidden(
    _COMMENT,
    (rb"(?i:script)(?=[\s>])", rb"</(?i:script)(?=[\s>])"),
    (rb"(?i:style)(?=[\s>])", rb"</(?i:style)(?=[\s>])"),
)
_XLIFF_HIDDEN = Hidden(_COMMENT, (rb"alt-trans(?=[\s>])", rb"</alt-trans(?=[\s>])"))
_BETWEEN_SOURCES = Hidden(
    (rb"/(?:source|[\w.-]++:source)(?=[\s>])", rb"<(?:source|[\w.-]++:source)(?:>|\s[^<>]*+(?<!/)>)")
)
# Inline code of XLIFF 1.2 with the text in it.
_XLIFF_CODE = re.compile(rb"<(?:bpt|ept|ph|it)(?:\s[^<>]*+)?(?<!/)>[^<]*+")
_XLIFF_CODE_GOES_ON = b"<ph>"


def xml_text(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return text between tags; entities that a document defines are not expanded."""
    return map(_without_tags, _XML_COMMENTS.shown(cut_after(TAG_ENDS, blocks)))


def html_text(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return what a browser shows."""
    return map(_without_tags, _HTML_HIDDEN.shown(cut_after(TAG_ENDS, blocks)))


def xliff_sources(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return text of ``source`` elements, without inline code and suggested translations."""
    pieces = _XLIFF_HIDDEN.shown(cut_after(TAG_ENDS, blocks))
    before = b""
    for shown in _BETWEEN_SOURCES.shown(pieces, hidden=True):
        piece = before + shown
        # A piece may end behind a tag, and the text of that tag begin the next.
        before = _XLIFF_CODE_GOES_ON if _XLIFF_CODE.fullmatch(piece, max(0, piece.rfind(b"<"))) else b""
        yield _without_tags(_XLIFF_CODE.sub(b" ", piece))


def markdown_text(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return text without tags and the targets of links."""
    for piece in cut_after((b"\n", b" "), blocks):
        yield _MARKDOWN_MARKUP.sub(b" ", piece)


def _without_tags(text: bytes) -> bytes:
    return resolve_references(_TAG.sub(b" ", text.replace(b"<![CDATA[", b" ")))
