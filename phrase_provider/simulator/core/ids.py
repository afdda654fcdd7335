"""Deterministic ids in Phrase's formats."""

from __future__ import annotations

import random
import string

_BASE62 = string.ascii_letters + string.digits
_FIRST = {
    "project": 37121,
    "step": 38605,
    "async": 950791,
    "job": 2923465,
    "webhook": 7001,
    "analysis": 77612,
    "analysis part": 81001,
}
"""The first number of each kind of entity."""


class IdGenerator:
    """Generates ids: the same seed and the same requests give the same ids."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)
        self._numbers = dict(_FIRST)

    def uid(self) -> str:
        """Return a new uid of 22 letters and digits."""
        return "".join(self._random.choices(_BASE62, k=22))

    def number(self, kind: str) -> int:
        """Return the next number of a kind of entity, a key of :data:`_FIRST`."""
        number = self._numbers[kind]
        self._numbers[kind] += 1
        return number
