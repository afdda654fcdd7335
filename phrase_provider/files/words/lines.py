"""Formats with an entry in each line: YAML, properties, and text without any markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phrase_provider.files.words.blocks import cut_after
from phrase_provider.files.words.escapes import resolve_backslashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A line break is part of both, since a search for one byte is quick and one for "a line begins" is not.
_YAML_KEY = re.compile(rb"""\n[ \t-]*+(?:"[^"\n]*+"|'[^'\n]*+'|[^\s#:"'][^:#\n]*+):(?=\s)""")
_YAML_COMMENT = re.compile(rb"#(?<!\S#)[^\n]*+")
_PROPERTIES_KEY = re.compile(rb"\n[ \t]*+(?:[#!][^\n]*+|[^=:\s]++[ \t]*+[=:])")


def plain_text(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return all there is."""
    return cut_after((b" ", b"\n"), blocks)


def yaml_values(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return values and list items, without keys and comments."""
    for piece in _lines(blocks):
        yield resolve_backslashes(_YAML_KEY.sub(b"\n", _YAML_COMMENT.sub(b"", piece)))


def properties_values(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return values, without keys and comments."""
    for piece in _lines(blocks):
        yield resolve_backslashes(_PROPERTIES_KEY.sub(b"\n", piece))


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Return whole lines, with a line break before the first."""
    for piece in cut_after((b"\n", b" "), blocks):
        yield b"\n%b\n" % piece
