"""The time between looks."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.waiting.tms.conditions import Pace

#: By how much the time between looks grows while nothing moves.
GROWTH = 1.3
#: Longest time in seconds that looks keep away because Phrase asks for it; then one request tries.
LONGEST_HOLD = 300.0


class Pacer:
    """
    Spaces looks: quick after a change, slower while nothing moves, never in step with others.

    :param pace: of the kind of work.
    :param longest: longest time between looks, in seconds; None: as the pace says.
    """

    def __init__(self, pace: Pace, longest: float | None = None) -> None:
        self._pace = pace
        self._seconds = pace.first
        self.limit(longest)

    def limit(self, longest: float | None) -> None:
        """Set the longest time between looks, in seconds; None: as the pace says."""
        self._longest = self._pace.longest if longest is None else longest

    def restart(self) -> None:
        """Look soon again, since something moved."""
        self._seconds = self._pace.first

    def next(self) -> float:
        """Give the seconds until the next look."""
        seconds = min(self._seconds, self._longest)
        self._seconds = min(self._seconds * GROWTH, self._pace.longest)
        return seconds * random.uniform(0.8, 1.0)
