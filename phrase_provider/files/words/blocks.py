"""Text of a file in blocks of UTF-8, so that memory does not grow with the file."""

from __future__ import annotations

import codecs
from itertools import chain
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Bytes of a block; small enough for a processor's cache.
BLOCK_BYTES = 256 * 1024

_HEAD_BYTES = 8192


def read_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Return the content in blocks of at most :data:`BLOCK_BYTES`."""
    return iter(lambda: file.read(BLOCK_BYTES), b"")


def is_binary(head: bytes) -> bool:
    """Return whether a file is not text, judged by how it begins."""
    head = head[:_HEAD_BYTES]
    return not _is_utf16(head) and (b"\0" in head or head.startswith(b"%PDF"))


def as_utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Return text without its byte order mark, and UTF-16 as UTF-8."""
    first = next(blocks, b"")
    everything = chain((first,), blocks)
    if _is_utf16(first):
        return _decoded(everything)
    return chain((first.removeprefix(codecs.BOM_UTF8),), blocks)


def cut_after(ends: tuple[bytes, ...], blocks: Iterable[bytes]) -> Iterator[bytes]:
    """
    Yield blocks that are cut so that each piece ends where nothing is torn.

    :param ends: what a piece may end with, the best first: a later one is taken where a whole block has
        none of the earlier. A block without any is cut between two characters.
    :return: pieces of at most two blocks.
    """
    rest = b""
    for block in blocks:
        # Looks only at what is new, or a long line would be searched again and again.
        cut = _end_of_last(ends[0], block)
        if not cut and len(rest) + len(block) < BLOCK_BYTES:
            rest += block
            continue
        cut = cut or next(filter(None, (_end_of_last(end, block) for end in ends[1:])), 0)
        cut = cut or between_characters(block)
        # A view, so that the block is copied once.
        yield b"".join((rest, memoryview(block)[:cut]))
        rest = block[cut:]
    if rest:
        yield rest


def between_characters(block: bytes) -> int:
    """Return where the last character begins, or the length if that is a single byte."""
    for back in range(1, min(4, len(block)) + 1):
        if block[-back] >= 0xC0:
            return len(block) - back
        if block[-back] < 0x80:
            break
    return len(block)


def _is_utf16(head: bytes) -> bool:
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _decoded(blocks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for block in blocks:
        yield decoder.decode(block).encode()


def _end_of_last(end: bytes, block: bytes) -> int:
    at = block.rfind(end)
    return at + len(end) if at >= 0 else 0
