"""Handing out the room for async requests: one look at Phrase's count for all that want to start one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.triggers.hub.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.conditions import AsyncSlotFree
    from phrase_provider.triggers.hub.reader import Ask


class FreeSlots(Reader):
    """Wakes no more tasks than there is room for: those first that came first."""

    async def read(self, ask: Ask, conditions: Sequence[AsyncSlotFree]) -> Sequence[bool]:
        def take(client: TmsClient) -> int:
            return client.slots.take(len(conditions), lead=max(condition.lead for condition in conditions))

        taken = await ask(take)
        return [number < taken for number in range(len(conditions))]
