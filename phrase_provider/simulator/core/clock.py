"""Simulated time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import inf

FASTEST = 1_000_000
"""Simulated seconds per real second."""
_END = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""The clock stops here; years beyond 9999 cannot be written as a date, and plans reach into the future."""


class Clock:
    """
    A clock that runs ``speed`` times as fast as real time and can be moved forward.

    :param speed: simulated seconds per real second, up to :data:`FASTEST`; 0 stops the clock.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._simulated = time.time()
        self._real = time.monotonic()

    def __getstate__(self) -> tuple[float, float]:
        return self.speed, self.now()

    def __setstate__(self, kept: tuple[float, float]) -> None:
        """Continue from the moment at which the clock was pickled."""
        self.speed, self._simulated = kept
        self._real = time.monotonic()

    def now(self) -> float:
        """Return simulated seconds since the epoch."""
        return min(self._simulated + (time.monotonic() - self._real) * self.speed, _END)

    def advance(self, seconds: float) -> None:
        """Move simulated time forward by ``seconds``."""
        self._simulated = min(self._simulated + seconds, _END)

    def until(self, moment: float) -> float:
        """Return the real seconds until a moment of simulated time; infinity while the clock stands still."""
        return (moment - self.now()) / self.speed if self.speed else inf

    def set_speed(self, speed: float) -> None:
        """Change the speed from now on; simulated time does not jump."""
        self._simulated, self._real = self.now(), time.monotonic()
        self.speed = speed


def epoch(moment: datetime | None) -> float | None:
    """Return a moment as seconds since the epoch."""
    return None if moment is None else moment.timestamp()


def rest_date(seconds: float | None) -> str | None:
    """
    Return a moment as Phrase's REST answers write it, such as ``2026-01-10T18:13:51+0000``.

    :param seconds: seconds since the epoch, or ``None``.
    """
    if seconds is None:
        return None
    # isoformat and not strftime, which writes a year before 1000 with fewer than four digits.
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "+0000"


def webhook_date(seconds: float | None) -> str | None:
    """Return a moment as Phrase's webhooks write it, such as ``2026-01-10T18:13:51Z``."""
    date = rest_date(seconds)
    return None if date is None else as_webhook_date(date)


def as_webhook_date(date: str) -> str:
    """Return the date of a REST answer as webhooks write it."""
    return date.replace("+0000", "Z")
