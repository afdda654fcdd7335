"""When the next request over a connection may be sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from phrase_provider.api.retries import jittered
from phrase_provider.exceptions import PhraseError, PhraseInputError, PhraseRateLimitError

if TYPE_CHECKING:
    from phrase_provider.api.rate_limits import Quota

#: Share of a minute's requests that may be sent without a pause, after a time of silence.
BURST = 0.1
#: Seconds to stay away when Phrase refuses the rate and names no time: first, and at most.
BACKOFF, LONGEST_BACKOFF = 1.0, 60.0


class Budget:
    """
    Gives out turns, evenly spaced: never more than the budget in any minute.

    :param per_minute: most requests in a minute.
    :raises PhraseInputError: nothing could ever be sent.
    """

    def __init__(self, per_minute: float) -> None:
        if per_minute <= 0:
            raise PhraseInputError(
                f"A budget of {per_minute:g} requests per minute sends nothing",
                hint="Set [phrase] requests_per_minute above 0.",
            )
        self._spacing = 60 / (per_minute * (1 - BURST))
        self._slack = 60 * BURST / (1 - BURST)
        self._next = self._held_until = float("-inf")
        self._backoff = BACKOFF

    async def turn(self) -> None:
        """Wait until a request may be sent; first come, first served."""
        clock = asyncio.get_running_loop().time
        while True:
            start = max(clock(), self._held_until, self._next - self._slack)
            self._next = max(self._next, start) + self._spacing
            await asyncio.sleep(start - clock())
            # Held off meanwhile: queue again, so that those who waited do not all go at once.
            if clock() >= self._held_until:
                return

    def answered(self, quota: Quota | None) -> None:
        """
        Take note of a request that Phrase answered.

        :param quota: what the answer told of it.
        """
        self._backoff = BACKOFF
        if quota and (spacing := quota.spacing()):
            self._hold(spacing)

    def failed(self, error: PhraseError) -> None:
        """
        Stay away as long as Phrase asks, or for a short and growing time when it only refuses the rate.

        :param error: why a request failed.
        """
        if error.retry_after is not None:
            self._hold(jittered(error.retry_after))
        elif isinstance(error, PhraseRateLimitError):
            self._hold(jittered(self._backoff))
            self._backoff = min(2 * self._backoff, LONGEST_BACKOFF)

    def _hold(self, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        self._held_until = max(self._held_until, now + seconds)
