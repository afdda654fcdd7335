"""The strings of JSON that are values, found by its quotes and colons alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.files.words.blocks import BLOCK_BYTES, between_characters
from phrase_provider.files.words.escapes import resolve_backslashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A number, since looking for that in bytes takes a fifth of the time.
_COLON = ord(":")
_MAX_ESCAPE = len(r"\u65e5")
# All that JSON has outside of strings: marks, numbers, true, false, null.
_STRUCTURE = b" \t\r\n[]{},:.+-0123456789eEtrufalsn"


def json_values(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """
    Return the values that are strings; a key is a string before a colon.

    :raises ValueError: no string, and what there is is not JSON.
    """
    rest, inside, found = b"", False, False
    for block in blocks:
        text, torn = _without_escaped_quotes(rest + block)
        parts = text.split(b'"')
        if inside:
            parts.insert(0, b"")
        if len(parts) == 1:
            if not found and text.translate(None, _STRUCTURE):
                raise ValueError("no JSON")
            rest = torn
            continue
        found = True
        # What follows the last string may not all be there yet.
        last = (len(parts) - 2) | 1
        yield _joined(parts[1:last:2], parts[2 : last + 1 : 2])
        rest, inside = b'"'.join((b"", *parts[last:])), False
        if len(rest) > BLOCK_BYTES:
            done, rest, inside = _long(parts[last:])
            yield resolve_backslashes(done)
        rest += torn
    yield _joined(*_ended(rest, inside))


def _without_escaped_quotes(text: bytes) -> tuple[bytes, bytes]:
    r"""Return text with ``--`` for ``\\`` and ``\"``, and a last backslash whose partner is still to come."""
    if b"\\" not in text:
        return text, b""
    text = text.replace(b"\\\\", b"--").replace(b'\\"', b"--")
    return (text[:-1], b"\\") if text.endswith(b"\\") else (text, b"")


def _joined(strings: list[bytes], followers: list[bytes]) -> bytes:
    pairs = zip(strings, followers, strict=False)
    values = [string for string, follower in pairs if _COLON not in follower]
    return resolve_backslashes(b" ".join(values))


def _long(parts: list[bytes]) -> tuple[bytes, bytes, bool]:
    """
    Part a string, or what follows one, that is longer than a block.

    :param parts: the string, and what follows if it has ended.
    :return: text that is done, text to go on with, and whether that is within the string.
    """
    if len(parts) > 1:
        return (b"" if _COLON in parts[1] else parts[0]), b"", False
    text = parts[0]
    cut = text.rfind(b" ") + 1 or _between_escapes(text)
    return text[:cut], text[cut:], True


def _between_escapes(text: bytes) -> int:
    escape = text.rfind(b"\\", len(text) - _MAX_ESCAPE)
    return escape if escape > 0 else between_characters(text)


def _ended(rest: bytes, inside: bool) -> tuple[list[bytes], list[bytes]]:
    parts = rest.split(b'"')
    string, follower = (0, 1) if inside else (1, 2)
    return parts[string : string + 1], [b"".join(parts[follower : follower + 1])]
