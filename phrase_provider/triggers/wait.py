"""What the triggers of this provider share."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from phrase_provider.config import REQUESTS_PER_MINUTE, number
from phrase_provider.exceptions import PhraseError
from phrase_provider.hooks.tms import PhraseTmsHook
from phrase_provider.triggers import events
from phrase_provider.waiting.hub.registry import hub_of
from phrase_provider.waiting.hub.waiter import Waiter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.tms.conditions import Condition


class PhraseWaitTrigger(BaseTrigger):
    """
    Waits at the poll hub until a condition is met, lost or late, then fires once.

    It sends no request of its own: the hub asks Phrase once for all that wait in the triggerer.

    :param phrase_conn_id: Airflow connection of type ``phrase``.
    :param poke_interval: longest time between looks, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds after which the wait ends, since Airflow does not enforce
        ``execution_timeout`` while a task is deferred; None: none.
    :param note: plain JSON that comes back in the event, for what the task must remember.
    :param not_before: epoch seconds until which Phrase asked the task to keep away; None: it did not.
    """

    def __init__(
        self,
        *,
        phrase_conn_id: str,
        poke_interval: float | None = None,
        deadline: float | None = None,
        note: dict[str, Any] | None = None,
        not_before: float | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.phrase_conn_id = phrase_conn_id
        self.poke_interval = poke_interval
        self.deadline = deadline
        self.note = note
        self.not_before = not_before

    @abstractmethod
    def condition(self) -> Condition:
        """Give what is waited for."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give class and arguments: ids and numbers only, since Airflow stores them in clear."""
        kind = type(self)
        kwargs = {
            "phrase_conn_id": self.phrase_conn_id,
            "poke_interval": self.poke_interval,
            "deadline": self.deadline,
            "note": self.note,
        }
        if self.not_before is not None:
            # Told only where it says something: a triggerer of an older version does not know it.
            kwargs["not_before"] = self.not_before
        return f"{kind.__module__}.{kind.__qualname__}", kwargs

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one event: see :mod:`phrase_provider.triggers.events`."""
        try:
            event = events.met(await self._wait())
        except PhraseError as error:
            event = events.failed(error)
        yield TriggerEvent({**event, "deadline": self.deadline, "note": self.note})

    async def _wait(self) -> dict[str, Any]:
        waiter = Waiter(self.condition(), self.log, longest=self.poke_interval, deadline=self.deadline)
        name, connect = f"TMS of {self.phrase_conn_id}", partial(_connect, self.phrase_conn_id)
        hub = hub_of(name, connect, partial(number, REQUESTS_PER_MINUTE))
        with hub.waiting(waiter):
            if self.not_before is not None:
                hub.hold_off(self.not_before - time.time())
            return await waiter.result()


async def _connect(phrase_conn_id: str) -> TmsClient:
    """Make the hub's client; its calls serve many flows, so they belong to none."""
    hook = await PhraseTmsHook.aconnect(phrase_conn_id, f"hub/{phrase_conn_id}")
    return await asyncio.to_thread(hook.get_conn)
