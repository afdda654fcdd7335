"""Waiting for an async request: its condition, and the reader that asks for many of them at once."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from phrase_provider.api.tms.async_requests import facts_of, is_finished, require_success
from phrase_provider.api.tms.jobs import FEW
from phrase_provider.api.tms.pages import PAGE_SIZE
from phrase_provider.exceptions import PhraseServerError, PhraseWorkError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import PollKey, Reader, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import AsyncRequestDtoV1
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.readers import Ask

#: What a read showed of a request, or why it failed.
Outcome: TypeAlias = "AsyncRequestDtoV1 | PhraseError"

#: Phrase lets 200 be pending in an organization.
MOST_PAGES = 4


@dataclass(frozen=True, slots=True)
class AsyncRequestFinished(Condition):
    """
    An async request has ended well.

    Source: ``GET /api2/v1/async/{asyncRequestId}`` and the list of those that are pending.

    :param async_request_id: digits.
    """

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK
    async_request_id: str

    @property
    def title(self) -> str:
        return f"the end of async request {self.async_request_id}"

    def poll_key(self) -> PollKey:
        return PollKey("async requests", PendingRequests)

    def read(self, client: TmsClient) -> AsyncRequestDtoV1:
        return facts_of(client.async_requests.get(self.async_request_id))

    def evaluate(self, found: AsyncRequestDtoV1) -> PollResult:
        name = f"async request {self.async_request_id} ({found.get('action')})"
        if not is_finished(found):
            return PollResult(False, f"{name} is running")
        try:
            require_success(found)
        except PhraseWorkError as error:
            return PollResult(False, f"{name} failed", error=error)
        result: dict[str, object] = {"async_request_id": self.async_request_id, "action": found.get("action")}
        return PollResult(True, f"{name} has finished", result)


class PendingRequests(Reader):
    """
    Reads async requests: few of them one by one, many from the list of the pending ones.

    A request that is not in the list may have finished, or may not belong there: its own read decides.
    """

    def __init__(self) -> None:
        self._pending: set[str] = set()
        self._known: set[str] = set()

    async def read(self, ask: Ask, conditions: Sequence[AsyncRequestFinished]) -> Sequence[Outcome]:
        ids = list(dict.fromkeys(condition.async_request_id for condition in conditions))
        found: dict[str, Outcome] = {}
        pages = self._expected_pages(ids)
        if len(ids) > max(FEW, pages):
            found |= await self._list(ask, pages)
            self._pending = set(found)
        self._known = set(ids)
        left = [each for each in ids if each not in found]
        found |= zip(left, await asyncio.gather(*(_one(ask, each) for each in left)), strict=True)
        return [found[condition.async_request_id] for condition in conditions]

    def _expected_pages(self, ids: Iterable[str]) -> int:
        """Return the most pages that the list may have, by what was in it and what came since."""
        there = len(self._pending.union(ids) - (self._known - self._pending))
        return min(max(1, math.ceil(there / PAGE_SIZE)), MOST_PAGES)

    async def _list(self, ask: Ask, pages: int) -> dict[str, AsyncRequestDtoV1]:
        """Read the pages from the last to the first: items move to the front while others finish."""
        found: dict[str, AsyncRequestDtoV1] = {}
        for number in reversed(range(pages)):
            total = await self._page(ask, number, found)
        for number in range(pages, total):
            await self._page(ask, number, found)
        return found

    async def _page(self, ask: Ask, number: int, found: dict[str, AsyncRequestDtoV1]) -> int:
        def call(client: TmsClient) -> tuple[Iterable[AsyncRequestDtoV1], int]:
            items, total = client.async_requests.get_pending_page(number)
            return _readable(items), total

        items, total = await ask(call)
        found.update((item["id"], item) for item in items)
        return total


async def _one(ask: Ask, async_request_id: str) -> Outcome:
    return await outcome(ask, lambda client: facts_of(client.async_requests.get(async_request_id)))


def _readable(items: Iterable[object]) -> list[AsyncRequestDtoV1]:
    """Return the requests that can be read: the others are read alone, if anybody waits for them."""
    found = []
    for item in items:
        with suppress(PhraseServerError):
            found.append(facts_of(item))
    return found
