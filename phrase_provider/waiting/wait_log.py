"""The log of a waiting task: what changed, when Phrase was last polled, and what happens next."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from phrase_provider.api.dates import for_people

if TYPE_CHECKING:
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.conditions import Condition, Logger, PollResult

#: Seconds after which a wait in which nothing changes says that it is still there.
REPORT_EVERY = 900.0


class WaitLog:
    """
    Writes how a wait goes to the log of its task.

    :param condition: what is waited for.
    :param log: of the task.
    :param max_interval: longest time between polls, in seconds; None: as the condition suggests.
    """

    __slots__ = ("_condition", "_log", "_logged_at", "_max_interval", "_polled_at", "_polls", "last_seen")

    def __init__(self, condition: Condition, log: Logger, max_interval: float | None = None) -> None:
        #: Progress that the last poll that worked showed; None: none has worked.
        self.last_seen: str | None = None
        self._condition = condition
        self._log = log
        self._max_interval = condition.poll_interval.maximum if max_interval is None else max_interval
        self._polls, self._polled_at = 0, 0.0
        self._logged_at = time.monotonic()

    def begin(self) -> None:
        """Log what is waited for."""
        self._log.info("Waiting for %s.", self._condition.title)

    def polled(self) -> None:
        """Count a poll, whether it worked or not."""
        self._polls += 1
        self._polled_at = time.time()

    def saw(self, result: PollResult, deadline: float | None) -> None:
        """
        Log what a poll showed, if it is news.

        :param result: of the poll.
        :param deadline: end of the wait, in epoch seconds; None: none.
        """
        if result.progress == self.last_seen:
            return
        self.last_seen = result.progress
        self._logged_at = time.monotonic()
        result.log(self._log, "" if result.done or result.error else self._next(deadline))

    def silent_until(self, every: float) -> float:
        """
        Return the seconds until a report is due; 0 or less: now.

        :param every: seconds between lines.
        """
        return self._logged_at + every - time.monotonic()

    def report(self, failure: PhraseError | None, deadline: float | None) -> None:
        """
        Log that nothing has changed, and when that was last seen.

        :param failure: why the last poll failed; None: it did not.
        :param deadline: end of the wait, in epoch seconds; None: none.
        """
        self._logged_at = time.monotonic()
        self._log.info(
            "Still waiting for %s: %s. Last seen: %s %s",
            self._condition.title,
            self._polls_so_far(failure),
            f"{(self.last_seen or 'nothing yet').rstrip('.')}.",
            self._next(deadline),
        )

    def report_if_due(self, failure: PhraseError | None, deadline: float | None) -> None:
        """Do as :meth:`report` does, once nothing was logged for 15 minutes."""
        if self._polls and self.silent_until(REPORT_EVERY) <= 0:
            self.report(failure, deadline)

    def _polls_so_far(self, failure: PhraseError | None) -> str:
        if not self._polls:
            return "Phrase has not answered a poll yet"
        polled_at = datetime.fromtimestamp(self._polled_at, UTC).isoformat(timespec="seconds")
        failed = f", which failed: {failure.message.rstrip('.')}" if failure else ""
        return f"{self._polls} polls, the last at {polled_at}{failed}"

    def _next(self, deadline: float | None) -> str:
        if deadline and deadline <= time.time():
            return "The time for it is over."
        until = (
            f"; the wait lasts until {for_people(datetime.fromtimestamp(deadline, UTC))}" if deadline else ""
        )
        return f"Next poll within {duration(self._max_interval)}{until}."


def duration(seconds: float) -> str:
    """Return a length of time for the reader of a log, such as ``30 s``, ``5 min`` or ``2 h``."""
    if seconds < 120:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
