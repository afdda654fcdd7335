"""Text in blocks: encodings, and where a file is cut."""

from __future__ import annotations

import pytest

from phrase_provider.files.words.blocks import BLOCK_BYTES, cut_after


def test_a_byte_order_mark_is_respected(estimate):
    assert estimate("a.txt", "Größe fünf".encode("utf-16")) == 2
    assert estimate("b.txt", b"\xef\xbb\xbfone two") == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_encodings(estimate, encoding):
    text = "Größe fünf été à Noël\n" * 60_000
    assert estimate("a.txt", text.encode(encoding)) == 5 * 60_000
    assert estimate("a.properties", ("key=" + text).encode(encoding)) == 5 * 60_000
    assert estimate("b.txt", "Слово за слово\n".encode("cp1251") * 60_000) == 3 * 60_000


def test_pieces_end_where_they_may_and_hold_all():
    blocks = [b"one <b", b"> two <c>three " + b"x" * BLOCK_BYTES, b"y" * BLOCK_BYTES, b" end"]
    pieces = list(cut_after((b">", b" "), blocks))
    assert b"".join(pieces) == b"".join(blocks)
    assert pieces[0] == b"one <b> two <c>"
    assert max(map(len, pieces)) <= 2 * BLOCK_BYTES + 32
