"""Waiting for room to start an async request: its condition, and who is let in when there is some."""

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

#: Seconds from the event of a trigger to the first request of its task, when workers are free: until then
#: Phrase's count lacks a slot that was granted.
WAKING_TIME = 10.0
#: Tasks that are woken at a time where Phrase does not tell its count.
BLIND = 10


@dataclass(frozen=True, slots=True)
class AsyncSlotFree(Condition):
    """
    There is room for one more async request.

    Polling takes no slot: the task that is woken sends its request at once, or is refused.
    """

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK

    @property
    def title(self) -> str:
        return "room for one more async request"

    def poll_key(self) -> PollKey:
        return PollKey("free slots for async requests", SlotDispatcher)

    def read(self, client: TmsClient) -> bool:
        room = client.slots.room()
        # Where Phrase does not tell, trying does.
        return room is None or room > 0

    def evaluate(self, found: bool) -> PollResult:
        if found:
            return PollResult(True, "an async request may be started")
        return PollResult(False, "waiting for others to end: Phrase limits pending async requests")


class SlotDispatcher(Reader):
    """
    Lets no more waits start a request than there is room for: those first that came first.

    Phrase's count does not yet have the requests of tasks that are being woken, so a slot stays granted until
    it certainly has.
    """

    def __init__(self) -> None:
        self._granted: deque[tuple[float, int]] = deque()

    async def read(self, ask: Ask, conditions: Sequence[AsyncSlotFree]) -> Sequence[bool]:
        def room(client: TmsClient) -> float | None:
            return client.slots.room()

        granted = self._grant(await ask(room), len(conditions))
        return [number < granted for number in range(len(conditions))]

    def _grant(self, room: float | None, wanted: int) -> int:
        """
        Grant slots to waits, and keep in mind how many.

        :param room: requests that may be started by Phrase's count; None: Phrase does not tell.
        :param wanted: number of waits.
        :return: how many of them may start a request.
        """
        now = asyncio.get_running_loop().time()
        while self._granted and self._granted[0][0] <= now - WAKING_TIME:
            self._granted.popleft()
        free = (BLIND if room is None else room) - sum(number for _, number in self._granted)
        granted = int(min(max(free, 0), wanted))
        self._granted.append((now, granted))
        return granted
