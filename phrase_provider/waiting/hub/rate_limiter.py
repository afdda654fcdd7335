"""When the next request over a connection may be sent."""

from __future__ import annotations

import asyncio
import copy
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from phrase_provider.api.retries import jittered
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseError,
    PhraseInputError,
    PhraseRateLimitError,
)
from phrase_provider.waiting.intervals import LONGEST_HOLD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from phrase_provider.api.rate_limits import Quota

#: Share of a minute's requests that may be sent without a pause, after a time of silence.
BURST = 0.1
#: Seconds to pause when Phrase refuses the rate and names no time: first, and at most.
BACKOFF, LONGEST_BACKOFF = 1.0, 60.0


class RateLimiter:
    """
    Grants turns, evenly spaced: never more than ``per_minute`` in any minute.

    After a refusal of the rate nothing is sent for the time that Phrase names, at most
    :data:`~phrase_provider.waiting.intervals.LONGEST_HOLD`; then one request alone tries, and the others
    wait for its answer.

    :param per_minute: most requests in a minute.
    :raises PhraseInputError: nothing could ever be sent.
    """

    def __init__(self, per_minute: float) -> None:
        if per_minute <= 0:
            raise PhraseInputError(
                f"A limit of {per_minute:g} requests per minute sends nothing",
                hint="Set [phrase] requests_per_minute above 0.",
            )
        self._spacing = 60 / (per_minute * (1 - BURST))
        self._slack = 60 * BURST / (1 - BURST)
        self._next = self._held_until = float("-inf")
        self._backoff = BACKOFF
        #: Whether nobody knows if requests are welcome again: then one at a time is sent.
        self._doubtful = False
        self._probing = asyncio.Lock()
        #: Why those who wait need not wait on; None: they may hope.
        self._hopeless: PhraseError | None = None
        #: How often Phrase has refused the rate so far.
        self.refusals = 0

    @asynccontextmanager
    async def turn(self, refusals: int | None = None) -> AsyncIterator[int]:
        """
        Wait until a request may be sent; first come, first served.

        The context lasts until the outcome is known. It yields what :meth:`answered` and :meth:`failed` want.

        :param refusals: :attr:`refusals` when the caller began to wait; None: now.
        :raises PhraseError: a refusal that came meanwhile, if it is for long, or not the first in a row: who
            asks for many things shall not wait once for each of them.
        """
        seen = self.refusals if refusals is None else refusals
        while True:
            await self._until_due(seen)
            async with self._alone() as alone:
                self._check(seen)
                if alone or not self._doubtful:
                    yield self.refusals
                    return

    def answered(self, quota: Quota | None, turn: int) -> None:
        """
        Record a request that Phrase answered.

        :param quota: what the answer says of it; None: nothing.
        :param turn: as :meth:`turn` yielded it.
        """
        self._believe(turn)
        if quota and (spacing := quota.spacing()):
            self._hold(min(spacing, LONGEST_HOLD))

    def failed(self, error: PhraseError, turn: int) -> None:
        """
        Record a failure: pause as long as Phrase asks, or, when it only refuses the rate, for a short and
        growing time.

        :param error: why a request failed.
        :param turn: as :meth:`turn` yielded it.
        """
        if error.retry_after is not None:
            self._refused(error, error.retry_after)
        elif isinstance(error, PhraseRateLimitError):
            self._refused(error, self._backoff)
            self._backoff = min(2 * self._backoff, LONGEST_BACKOFF)
        elif isinstance(error, PhraseApiError):
            # Whatever Phrase said, it was no refusal of the rate.
            self._believe(turn)

    def hold_off(self, seconds: float) -> None:
        """
        Send nothing for some seconds, and then one request alone, as after a refusal.

        :param seconds: the rest of a pause that a task was asked for; negative: it is over.
        """
        if seconds > 0:
            self._doubtful = True
            self._hold(min(seconds, LONGEST_HOLD))

    def _believe(self, turn: int) -> None:
        # What was sent before a refusal says nothing of the time after it.
        if turn == self.refusals:
            self._doubtful, self._hopeless, self._backoff = False, None, BACKOFF

    def _refused(self, error: PhraseError, seconds: float) -> None:
        # After a short one the others go on when its time is over: a poll that needs more requests than are
        # allowed at once comes to its end, too.
        if seconds > LONGEST_BACKOFF or self._doubtful:
            self._hopeless = error
        self._doubtful = True
        self.refusals += 1
        self._hold(jittered(min(seconds, LONGEST_HOLD)))

    def _hold(self, seconds: float) -> None:
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[bool]:
        """Let one through at a time while it is doubtful; yield whether this is the one."""
        if not self._doubtful:
            yield False
            return
        async with self._probing:
            # Who waited here need not probe any more if the one before was answered.
            yield self._doubtful and self._is_due()

    async def _until_due(self, seen: int) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            self._check(seen)
            start = max(clock(), self._held_until, self._next - self._slack)
            self._next = max(self._next, start) + self._spacing
            await asyncio.sleep(start - clock())
            # Held off meanwhile: queue again, so that those who waited do not all go at once.
            if self._is_due():
                return

    def _is_due(self) -> bool:
        return asyncio.get_running_loop().time() >= self._held_until

    def _check(self, seen: int) -> None:
        if self._hopeless and self.refusals > seen:
            # Raising one writes to it, and it is raised for many.
            raise copy.copy(self._hopeless)
