"""The waits that share a reader: when it polls for them, and who learns what."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseAuthenticationError, PhraseError
from phrase_provider.waiting.intervals import AdaptiveInterval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.waiting.hub.waiter import Waiter
    from phrase_provider.waiting.readers import Ask, PollKey

log = logging.getLogger(__name__)

#: Seconds in which waits that begin together gather for their first poll.
GATHER = 1.0
#: Seconds between polls at least, however many waits join.
GAP = 5.0
#: Waits that receive the outcome of a poll at a time, so that the loop has other turns in between.
AT_A_TIME = 20


class PollGroup:
    """
    Polls for the waits of one poll key, as long as there are any; needs a running event loop.

    :param key: of the waits; makes their reader.
    :param ask: makes one call.
    :param refused: called with a 401 that lasts, which ends every wait of the connection.
    """

    def __init__(self, key: PollKey, ask: Ask, refused: Callable[[PhraseError], None]) -> None:
        self._key = key
        self._reader = key.make_reader()
        self._ask = ask
        self._refused = refused
        self._waiters: dict[Waiter, None] = {}
        self._interval: AdaptiveInterval | None = None
        self._failing = False
        self._broken: BaseException | None = None
        self._max_interval = self._gap = float("inf")
        self._due, self._polled = float("inf"), float("-inf")
        self._moved_up = asyncio.Event()
        # Of no task: else what the hub logs would go to the log of the wait that came first.
        self._task = asyncio.get_running_loop().create_task(
            self._poll_always(), context=Context(), name=f"phrase hub: {key.name}"
        )
        self._task.add_done_callback(self._broke)

    @property
    def waiters(self) -> Sequence[Waiter]:
        """The waits, in the order in which they came."""
        return tuple(self._waiters)

    def join(self, waiter: Waiter) -> None:
        """Add a wait; it takes part in the next poll, which comes soon."""
        self._waiters[waiter] = None
        if self._broken:
            waiter.end(self._broken)
        self._interval = self._interval or AdaptiveInterval(waiter.condition.poll_interval)
        self._interval.restart()
        self._max_interval = min(self._max_interval, _max_interval_of(waiter))
        self._gap = min(GAP, waiter.condition.poll_interval.initial, self._max_interval)
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
            changed = await self._poll(self.waiters)
            self._plan(changed)

    async def _until_due(self) -> None:
        while (seconds := self._due - self._now()) > 0:
            self._moved_up.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if seconds == float("inf") else seconds):
                    await self._moved_up.wait()

    async def _poll(self, waiters: Sequence[Waiter]) -> bool:
        """Poll once; return whether something changed."""
        try:
            outcomes = await self._reader.read(self._ask, [waiter.condition for waiter in waiters])
        except PhraseAuthenticationError as error:
            self._refused(error)
            return False
        except PhraseError as error:
            outcomes = [error] * len(waiters)
        return await self._distribute(waiters, outcomes)

    async def _distribute(self, waiters: Sequence[Waiter], outcomes: Sequence[object]) -> bool:
        failures = [each for each in outcomes if isinstance(each, PhraseError)]
        self._note_failures(failures)
        changed = False
        for number, (waiter, found) in enumerate(zip(waiters, outcomes, strict=True), 1):
            if isinstance(found, PhraseError):
                waiter.receive_failure(found)
            else:
                changed |= waiter.receive(found)
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return changed

    def _note_failures(self, failures: Sequence[PhraseError]) -> None:
        if failures:
            log.warning("Polling %s failed for %d waits. %s", self._key.name, len(failures), failures[0])
        if failures and not self._failing and self._interval:
            # A fault that passes must not cost as long as people need to translate.
            self._interval.restart()
        self._failing = bool(failures)

    def _plan(self, changed: bool) -> None:
        if not (self._interval and self._waiters):
            return
        if changed:
            self._interval.restart()
        self._polled = self._now()
        self._max_interval = min(map(_max_interval_of, self._waiters))
        self._interval.limit(self._max_interval)
        # Who joined meanwhile wants it sooner, but not at once.
        joined = max(self._due, self._polled + self._gap)
        self._due = min(joined, self._polled + self._interval.next())

    def _broke(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("Polling %s broke.", self._key.name, exc_info=error)
            self._broken = error
            for waiter in self.waiters:
                waiter.end(error)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _max_interval_of(waiter: Waiter) -> float:
    """Return the longest time between polls that suits a wait, in seconds."""
    return waiter.condition.poll_interval.maximum if waiter.max_interval is None else waiter.max_interval
