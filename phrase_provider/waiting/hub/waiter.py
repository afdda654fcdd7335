"""One wait at the hub: it receives what a poll found, and evaluates and logs it in the task that waits."""

from __future__ import annotations

import asyncio
import copy
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from phrase_provider.waiting.wait_log import REPORT_EVERY

if TYPE_CHECKING:
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.wait_state import WaitState

#: Seconds that a wait whose deadline has passed already is given for its first poll.
GRACE = 10.0

_NOTHING = object()


class Waiter:
    """
    One wait at the poll hub.

    :param state: the wait, with the deadline and the failure tolerance of its task.
    """

    def __init__(self, state: WaitState) -> None:
        self.condition = state.condition
        self.max_interval = state.max_interval
        self._state = state
        self._news = asyncio.Event()
        self._found: object = _NOTHING
        self._fresh = False
        self._failure: PhraseError | None = None
        self._end: BaseException | None = None
        self._polled = False

    def receive(self, found: object) -> bool:
        """
        Receive what a poll found.

        :param found: for the condition's ``evaluate``.
        :return: whether something changed since the poll before.
        """
        self._count()
        self._failure = None
        if found == self._found:
            self._state.tolerance.record_success()
            return False
        changed = self._found is not _NOTHING
        self._found, self._fresh = found, True
        self._news.set()
        return changed

    def receive_failure(self, error: PhraseError) -> None:
        """Receive the error of a failed poll."""
        self._count()
        self._failure = error
        self._news.set()

    def end(self, error: BaseException) -> None:
        """End the wait with an error, whatever it is."""
        self._end = error
        self._news.set()

    async def result(self) -> dict[str, object]:
        """
        Wait until the condition is met.

        :return: the condition's result.
        :raises PhraseWorkError: it can no longer be met.
        :raises PhraseTimeoutError: the deadline passed; says what was still open.
        :raises PhraseError: polling failed in a way that does not pass, or for too long.
        """
        self._state.log.begin()
        joined = time.monotonic()
        while True:
            if (result := self._take()) is not None:
                return result
            self._state.tolerance.check()
            if self._polled or time.monotonic() - joined >= GRACE:
                self._state.check_deadline()
            if self._state.log.silent_until(REPORT_EVERY) <= 0:
                self._state.report()
            await self._rest(self._state.log.silent_until(REPORT_EVERY))

    def _count(self) -> None:
        self._polled = True
        self._state.log.polled()

    def _take(self) -> dict[str, object] | None:
        self._news.clear()
        if self._end:
            raise self._end
        if self._failure:
            self._record(self._failure)
        if not self._fresh:
            return None
        self._fresh = False
        return self._state.take(self._found)

    def _record(self, failure: PhraseError) -> None:
        tolerance = self._state.tolerance
        # The hub logs each failed poll; the log of the task has the first of a row.
        log = None if tolerance.failing else self._state.task_log
        self._failure = None
        # A copy, since all that wait for the same get the same error, and raising one writes to it.
        tolerance.record_failure(copy.copy(failure), log)

    async def _rest(self, seconds: float) -> None:
        left = self._state.remaining()
        if left is not None:
            seconds = min(seconds, left if self._polled else max(left, GRACE))
        if (tolerated := self._state.tolerance.remaining()) is not None:
            seconds = min(seconds, tolerated)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
