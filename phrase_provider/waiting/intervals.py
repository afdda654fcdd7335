"""The time between polls: how it grows while nothing changes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.waiting.conditions import PollInterval

#: By how much the time between polls grows while nothing changes.
GROWTH = 1.3
#: Longest time in seconds without a request because Phrase asks for it; then one request tries.
LONGEST_HOLD = 300.0


class AdaptiveInterval:
    """
    Spaces polls: short after a change, longer while nothing changes, never in step with others.

    :param poll_interval: of the kind of work.
    :param max_interval: longest time between polls, in seconds; None: ``poll_interval.maximum``.
    """

    def __init__(self, poll_interval: PollInterval, max_interval: float | None = None) -> None:
        self._poll_interval = poll_interval
        self._seconds = poll_interval.initial
        self.limit(max_interval)

    def limit(self, max_interval: float | None) -> None:
        """Set the longest time between polls, in seconds; None: ``poll_interval.maximum``."""
        self._max_interval = self._poll_interval.maximum if max_interval is None else max_interval

    def restart(self) -> None:
        """Begin with the initial interval again, since something changed."""
        self._seconds = self._poll_interval.initial

    def next(self) -> float:
        """Return the seconds until the next poll, less up to a fifth at random; it grows."""
        seconds = min(self._seconds, self._max_interval)
        self._seconds = min(self._seconds * GROWTH, self._poll_interval.maximum)
        return seconds * random.uniform(0.8, 1.0)
