"""Ids as Phrase writes them, from a seed."""

from __future__ import annotations

import random
import string
from itertools import count

_BASE62 = string.ascii_letters + string.digits


class Identities:
    """Source of ids: the same seed and the same requests give the same ids."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)
        self._numbers = {
            "project": count(37121),
            "step": count(38605),
            "async": count(950791),
            "job": count(2923465),
            "webhook": count(7001),
        }

    def uid(self) -> str:
        """Return a uid of 22 letters and digits."""
        return "".join(self._random.choices(_BASE62, k=22))

    def number(self, kind: str) -> int:
        """Return the next number of ``project``, ``step``, ``async``, ``job`` or ``webhook``."""
        return next(self._numbers[kind])
