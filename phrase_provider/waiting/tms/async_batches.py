"""Waiting on a worker for any of many async requests, with one list of the pending ones for all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, TypeVar

from phrase_provider.api.tms.async_requests import is_finished
from phrase_provider.exceptions import PhraseError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished, PendingRequests

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.readers import Call
    from phrase_provider.waiting.tms.async_requests import Outcome

T = TypeVar("T")

#: Reads at the same time.
_THREADS = 4


class AnyRequestFinished(Condition):
    """
    Any of several async requests has ended, well or not, or cannot be read.

    What a poll learns of the list of pending requests is kept for the next one: one object serves many waits.

    Source: ``GET /api2/v1/async`` and ``GET /api2/v1/async/{asyncRequestId}``.

    :param reader: of the requests.
    """

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK

    def __init__(self, reader: PendingRequests | None = None) -> None:
        self._reader = reader or PendingRequests()
        self._waiting: list[AsyncRequestFinished] = []
        #: What the last poll showed of those that have ended, by id.
        self.ended: dict[str, Outcome] = {}

    def wait_for(self, async_request_ids: Iterable[str]) -> None:
        """Wait for these from now on."""
        self._waiting = [AsyncRequestFinished(each) for each in async_request_ids]
        self.ended = {}

    @property
    def title(self) -> str:
        return f"the end of any of {len(self._waiting)} async requests"

    def read(self, client: TmsClient) -> Sequence[Outcome]:
        limit = asyncio.Semaphore(_THREADS)

        async def ask(call: Call[T]) -> T:
            async with limit:
                return await asyncio.to_thread(call, client)

        found = asyncio.run(self._reader.read(ask, self._waiting))
        failures = [each for each in found if isinstance(each, PhraseError) and each.can_pass]
        if failures and len(failures) == len(found):
            # Not one could be read: that says nothing of the work.
            raise failures[0]
        return found

    def evaluate(self, found: Sequence[Outcome]) -> PollResult:
        told = zip(self._waiting, found, strict=True)
        self.ended = {each.async_request_id: outcome for each, outcome in told if _has_ended(outcome)}
        progress = f"{len(self.ended)} of {len(found)} async requests have ended"
        return PollResult(bool(self.ended), progress)


def _has_ended(outcome: Outcome) -> bool:
    # What could not be read this time is read again.
    return not outcome.can_pass if isinstance(outcome, PhraseError) else is_finished(outcome)
