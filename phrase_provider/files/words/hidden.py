"""Stretches of a file that hold no text: comments, scripts, what lies between the elements that count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Hidden:
    """
    Patterns of what hides text.

    :param pairs: where a stretch begins, after its ``<``, and where it ends; without groups of their own.
    """

    def __init__(self, *pairs: tuple[bytes, bytes]) -> None:
        self._begins = re.compile(b"<(?:%b)" % b"|".join(b"(%b)" % begins for begins, _ in pairs))
        self._ends = [re.compile(ends) for _, ends in pairs]

    def shown(self, pieces: Iterable[bytes], *, hidden: bool = False) -> Iterator[bytes]:
        """
        Return what lies outside of hidden stretches, which may reach over several pieces.

        :param pieces: such that neither a beginning nor an end is torn.
        :param hidden: whether the first piece begins within a stretch of the first pair.
        """
        end = self._ends[0] if hidden else None
        for piece in pieces:
            kept, end = self._parted(piece, end)
            yield b" ".join(kept)

    def _parted(
        self, piece: bytes, end: re.Pattern[bytes] | None
    ) -> tuple[list[bytes], re.Pattern[bytes] | None]:
        kept: list[bytes] = []
        at = 0
        while True:
            if end:
                if not (found := end.search(piece, at)):
                    return kept, end
                at = found.end()
            if not (found := self._begins.search(piece, at)):
                return [*kept, piece[at:]], None
            kept.append(piece[at : found.start()])
            at, end = found.end(), self._ends[(found.lastindex or 1) - 1]
