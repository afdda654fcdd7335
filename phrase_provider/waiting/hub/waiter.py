"""One wait at the hub: told what was found, it judges in the task that waits, and logs there."""

from __future__ import annotations

import asyncio
import copy
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from phrase_provider.waiting.state import Progress
from phrase_provider.waiting.wait_log import REPORT_EVERY

if TYPE_CHECKING:
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.tms.conditions import Condition, Logger

#: Seconds that a wait whose deadline has passed already is given for its first look.
GRACE = 10.0

_NOTHING = object()


class Waiter:
    """
    One wait.

    :param condition: what is waited for.
    :param log: the task's own.
    :param longest: longest time between looks, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds; None: none.
    :param patience: seconds of nothing but failed looks; None: as ``[phrase] patience`` says.
    """

    def __init__(
        self,
        condition: Condition,
        log: Logger,
        *,
        longest: float | None = None,
        deadline: float | None = None,
        patience: float | None = None,
    ) -> None:
        self.condition = condition
        self.longest = longest
        self._log = log
        self._progress = Progress(condition, log, longest=longest, deadline=deadline, patience=patience)
        self._news = asyncio.Event()
        self._found: Any = _NOTHING
        self._fresh = False
        self._failure: PhraseError | None = None
        self._end: BaseException | None = None
        self._looked = False

    def tell(self, found: Any) -> bool:
        """
        Take what a look found.

        :param found: for the condition's ``judge``.
        :return: whether something moved since the look before.
        """
        self._count()
        self._failure = None
        if found == self._found:
            self._progress.patience.renew()
            return False
        moved = self._found is not _NOTHING
        self._found, self._fresh = found, True
        self._news.set()
        return moved

    def tell_failure(self, error: PhraseError) -> None:
        """Take that a look failed."""
        self._count()
        self._failure = error
        self._news.set()

    def end(self, error: BaseException) -> None:
        """End the wait with an error, whatever it is."""
        self._end = error
        self._news.set()

    async def result(self) -> dict[str, Any]:
        """
        Wait.

        :return: the condition's result.
        :raises PhraseWorkError: it can no longer be met.
        :raises PhraseTimeoutError: the deadline passed; tells what was still open.
        :raises PhraseError: looking failed in a way that does not pass, or for too long.
        """
        self._progress.log.begin()
        joined = time.monotonic()
        while True:
            if (result := self._take()) is not None:
                return result
            self._progress.patience.check()
            if self._looked or time.monotonic() - joined >= GRACE:
                self._progress.check_deadline()
            if self._progress.log.silent_until(REPORT_EVERY) <= 0:
                self._progress.report()
            await self._rest(self._progress.log.silent_until(REPORT_EVERY))

    def _count(self) -> None:
        self._looked = True
        self._progress.log.looked()

    def _take(self) -> dict[str, Any] | None:
        self._news.clear()
        if self._end:
            raise self._end
        if self._failure:
            self._bear(self._failure)
        if not self._fresh:
            return None
        self._fresh = False
        return self._progress.take(self._found)

    def _bear(self, failure: PhraseError) -> None:
        patience = self._progress.patience
        # The hub logs each failed look; the task is told of the first of a row.
        log = None if patience.failing else self._log
        self._failure = None
        # A copy, since all that wait for the same get the same error, and raising one writes to it.
        patience.bear(copy.copy(failure), log)

    async def _rest(self, seconds: float) -> None:
        left = self._progress.left()
        if left is not None:
            seconds = min(seconds, left if self._looked else max(left, GRACE))
        if (borne := self._progress.patience.left()) is not None:
            seconds = min(seconds, borne)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
