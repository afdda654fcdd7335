"""What the log of a waiting task says: what changed, when it last looked, and what happens next."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from phrase_provider.api.dates import for_people

if TYPE_CHECKING:
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.tms.conditions import Condition, Logger, Verdict

#: Seconds after which a wait in which nothing changes says that it is still there.
REPORT_EVERY = 900.0


class WaitLog:
    """
    Tells the reader of a task's log how its wait goes.

    :param condition: what is waited for.
    :param log: the task's own.
    :param longest: longest time between looks, in seconds; None: as the condition suggests.
    """

    __slots__ = ("_condition", "_log", "_longest", "_looked_at", "_looks", "_told_at", "last_seen")

    def __init__(self, condition: Condition, log: Logger, longest: float | None = None) -> None:
        #: Progress that the last look that worked showed; None: none has worked.
        self.last_seen: str | None = None
        self._condition = condition
        self._log = log
        self._longest = condition.pace.longest if longest is None else longest
        self._looks, self._looked_at = 0, 0.0
        self._told_at = time.monotonic()

    def begin(self) -> None:
        """Tell what is waited for."""
        self._log.info("Waiting for %s.", self._condition.title)

    def looked(self) -> None:
        """Take note of a look, whether it worked or not."""
        self._looks += 1
        self._looked_at = time.time()

    def saw(self, verdict: Verdict, deadline: float | None) -> None:
        """
        Tell what a look showed, if it is news.

        :param verdict: of the look.
        :param deadline: end of the wait, in epoch seconds; None: none.
        """
        if verdict.progress == self.last_seen:
            return
        self.last_seen = verdict.progress
        self._told_at = time.monotonic()
        verdict.log(self._log, "" if verdict.met or verdict.error else self._next(deadline))

    def silent_until(self, every: float) -> float:
        """
        Return the seconds until a report is due; 0 or less: now.

        :param every: seconds between lines.
        """
        return self._told_at + every - time.monotonic()

    def report(self, failure: PhraseError | None, deadline: float | None) -> None:
        """
        Tell that nothing has changed, and when that was last seen.

        :param failure: why the last look failed; None: it did not.
        :param deadline: end of the wait, in epoch seconds; None: none.
        """
        self._told_at = time.monotonic()
        self._log.info(
            "Still waiting for %s: %s. Last seen: %s %s",
            self._condition.title,
            self._told_looks(failure),
            f"{(self.last_seen or 'nothing yet').rstrip('.')}.",
            self._next(deadline),
        )

    def report_if_due(self, failure: PhraseError | None, deadline: float | None) -> None:
        """Report as :meth:`report` does, once nothing was told for 15 minutes."""
        if self._looks and self.silent_until(REPORT_EVERY) <= 0:
            self.report(failure, deadline)

    def _told_looks(self, failure: PhraseError | None) -> str:
        if not self._looks:
            return "Phrase has not answered a look yet"
        looked_at = datetime.fromtimestamp(self._looked_at, UTC).isoformat(timespec="seconds")
        failed = f", which failed: {failure.message.rstrip('.')}" if failure else ""
        return f"{self._looks} looks, the last at {looked_at}{failed}"

    def _next(self, deadline: float | None) -> str:
        if deadline and deadline <= time.time():
            return "The time for it is over."
        until = (
            f"; the wait lasts until {for_people(datetime.fromtimestamp(deadline, UTC))}" if deadline else ""
        )
        return f"Next look within {duration(self._longest)}{until}."


def duration(seconds: float) -> str:
    """Return a length of time for the reader of a log, such as ``30 s``, ``5 min`` or ``2 h``."""
    if seconds < 120:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
