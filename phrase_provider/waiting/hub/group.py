"""Waits that are polled together."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING, Any

from phrase_provider.exceptions import PhraseAuthenticationError, PhraseError
from phrase_provider.waiting.intervals import Pacer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.waiting.hub.kinds import Kind
    from phrase_provider.waiting.hub.reader import Ask
    from phrase_provider.waiting.hub.waiter import Waiter

log = logging.getLogger(__name__)

#: Seconds in which waits that begin together gather for their first poll.
GATHER = 1.0
#: Seconds between polls at least, however many waits join.
GAP = 5.0
#: Waits that are told of a poll at a time, so that the loop has other turns in between.
AT_A_TIME = 20


class Group:
    """
    Polls for waits of one kind, as long as there are any; needs a running event loop.

    :param kind: of the waits.
    :param ask: makes one call.
    :param refused: told a 401 that lasts, which ends every wait of the connection.
    """

    def __init__(self, kind: Kind, ask: Ask, refused: Callable[[PhraseError], None]) -> None:
        self._kind = kind
        self._reader = kind.reader()
        self._ask = ask
        self._refused = refused
        self._waiters: dict[Waiter, None] = {}
        self._pacer: Pacer | None = None
        self._failing = False
        self._broken: BaseException | None = None
        self._longest = self._gap = float("inf")
        self._due, self._polled = float("inf"), float("-inf")
        self._moved_up = asyncio.Event()
        # Of no task: else what the hub logs would go to the log of the wait that came first.
        self._task = asyncio.get_running_loop().create_task(
            self._poll_always(), context=Context(), name=f"phrase hub: {kind.name}"
        )
        self._task.add_done_callback(self._broke)

    @property
    def waiters(self) -> Sequence[Waiter]:
        """Those who wait, in the order in which they came."""
        return tuple(self._waiters)

    def join(self, waiter: Waiter) -> None:
        """Add a wait; it takes part in the next poll, which comes soon."""
        self._waiters[waiter] = None
        if self._broken:
            waiter.end(self._broken)
        self._pacer = self._pacer or Pacer(waiter.condition.pace)
        self._pacer.restart()
        self._longest = min(self._longest, _longest(waiter))
        self._gap = min(GAP, waiter.condition.pace.first, self._longest)
        soon = self._now() + min(GATHER, self._gap) * random.uniform(0.5, 1.0)
        self._due = min(self._due, max(soon, self._polled + self._gap))
        self._moved_up.set()

    def leave(self, waiter: Waiter) -> None:
        """Take a wait out; the last one stops the polling."""
        self._waiters.pop(waiter, None)
        if not self._waiters:
            self._task.cancel()

    async def _poll_always(self) -> None:
        while True:
            await self._until_due()
            self._due = float("inf")
            moved = await self._poll(self.waiters)
            self._plan(moved)

    async def _until_due(self) -> None:
        while (seconds := self._due - self._now()) > 0:
            self._moved_up.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if seconds == float("inf") else seconds):
                    await self._moved_up.wait()

    async def _poll(self, waiters: Sequence[Waiter]) -> bool:
        """Poll once; tells whether something moved."""
        try:
            outcomes = await self._reader.read(self._ask, [waiter.condition for waiter in waiters])
        except PhraseAuthenticationError as error:
            self._refused(error)
            return False
        except PhraseError as error:
            outcomes = [error] * len(waiters)
        return await self._tell(waiters, outcomes)

    async def _tell(self, waiters: Sequence[Waiter], outcomes: Sequence[Any]) -> bool:
        failures = [one for one in outcomes if isinstance(one, PhraseError)]
        self._note_failures(failures)
        moved = False
        for number, (waiter, found) in enumerate(zip(waiters, outcomes, strict=True), 1):
            if isinstance(found, PhraseError):
                waiter.tell_failure(found)
            else:
                moved |= waiter.tell(found)
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return moved

    def _note_failures(self, failures: Sequence[PhraseError]) -> None:
        if failures:
            log.warning("Polling %s failed for %d waits. %s", self._kind.name, len(failures), failures[0])
        if failures and not self._failing and self._pacer:
            # A fault that passes must not cost as long as people need to translate.
            self._pacer.restart()
        self._failing = bool(failures)

    def _plan(self, moved: bool) -> None:
        if not (self._pacer and self._waiters):
            return
        if moved:
            self._pacer.restart()
        self._polled = self._now()
        self._longest = min(map(_longest, self._waiters))
        self._pacer.limit(self._longest)
        # Who joined meanwhile wants it sooner, but not at once.
        joined = max(self._due, self._polled + self._gap)
        self._due = min(joined, self._polled + self._pacer.next())

    def _broke(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("Polling %s broke.", self._kind.name, exc_info=error)
            self._broken = error
            for waiter in self.waiters:
                waiter.end(error)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _longest(waiter: Waiter) -> float:
    """Give the longest time between polls that suits a wait, in seconds."""
    return waiter.condition.pace.longest if waiter.longest is None else waiter.longest
