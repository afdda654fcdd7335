"""What hides text of a file, though its end comes in a later piece."""

from __future__ import annotations

import pytest

from phrase_provider.files.words.hidden import Hidden

COMMENTS_AND_CODE = Hidden((b"!--", b"-->"), (b"code>", b"</code>"))


def words(pieces: list[bytes], *, hidden: bool = False) -> list[bytes]:
    return b" ".join(COMMENTS_AND_CODE.shown(pieces, hidden=hidden)).split()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"one two", [b"one", b"two"]),
        (b"one<!-- not this -->two", [b"one", b"two"]),
        (b"<code>not this</code><!-- nor this -->one", [b"one"]),
        (b"one <!-- not this", [b"one"]),
        (b"one --> two </code> three", [b"one", b"-->", b"two", b"</code>", b"three"]),
    ],
)
def test_text_outside_of_hidden_stretches_is_shown(text, shown):
    assert words([text]) == shown


def test_each_stretch_ends_at_its_own_end_only():
    assert words([b"<!-- not </code> this --> one <code> nor --> this </code> two"]) == [b"one", b"two"]


def test_stretch_reaches_over_pieces():
    assert words([b"one <!--", b"not this <code>", b"nor this -->two"]) == [b"one", b"two"]


def test_first_piece_may_begin_within_a_stretch():
    assert words([b"not this --> one"], hidden=True) == [b"one"]
