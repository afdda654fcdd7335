"""Waiting for room to start an async request: one look at Phrase's count for all that want to start one."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import PollKey, Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.readers import Ask

#: Seconds from the event of a trigger to the first request of its task, when workers are free: so long a
#: slot that was handed out is not seen in Phrase's count.
WAKING_TIME = 10.0
#: Tasks that are woken at a time where Phrase does not tell its count.
BLIND = 10


@dataclass(frozen=True, slots=True)
class AsyncSlotFree(Condition):
    """One more async request may be started; who sees that does so."""

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK

    @property
    def title(self) -> str:
        return "room for one more async request"

    def poll_key(self) -> PollKey:
        return PollKey("free slots for async requests", FreeSlots)

    def read(self, client: TmsClient) -> bool:
        room = client.slots.room()
        # Where Phrase does not tell, trying does.
        return room is None or room > 0

    def evaluate(self, found: bool) -> PollResult:
        if found:
            return PollResult(True, "an async request may be started")
        return PollResult(False, "waiting for others to end: Phrase limits pending async requests")


class FreeSlots(Reader):
    """Wakes no more tasks than there is room for: those first that came first."""

    def __init__(self) -> None:
        self._woken: deque[tuple[float, int]] = deque()

    async def read(self, ask: Ask, conditions: Sequence[AsyncSlotFree]) -> Sequence[bool]:
        def look(client: TmsClient) -> float | None:
            return client.slots.room()

        room = await ask(look)
        now = asyncio.get_running_loop().time()
        while self._woken and self._woken[0][0] <= now - WAKING_TIME:
            self._woken.popleft()
        free = (BLIND if room is None else room) - sum(number for _, number in self._woken)
        taken = int(min(max(free, 0), len(conditions)))
        self._woken.append((now, taken))
        return [number < taken for number in range(len(conditions))]
