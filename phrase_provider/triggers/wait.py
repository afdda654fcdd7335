"""The base of all triggers of this provider: it waits at the poll hub of its product and connection."""

from __future__ import annotations

import time
from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Required, TypedDict

from airflow.triggers.base import BaseTrigger, TriggerEvent

from phrase_provider.config import REQUESTS_PER_MINUTE, number
from phrase_provider.exceptions import PhraseError
from phrase_provider.triggers import events
from phrase_provider.waiting.hub.registry import hub_of
from phrase_provider.waiting.hub.waiter import Waiter
from phrase_provider.waiting.wait_state import WaitState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from phrase_provider.waiting.conditions import Condition
    from phrase_provider.waiting.hub.request_executor import Client


class WaitOptions(TypedDict, total=False):
    """What all triggers take: the parameters of :class:`PhraseWaitTrigger`."""

    phrase_conn_id: Required[str]
    poke_interval: float | None
    deadline: float | None
    note: dict[str, object] | None
    not_before: float | None


class PhraseWaitTrigger(BaseTrigger):
    """
    Waits at the poll hub until a condition is met, lost or late, then fires once.

    It sends no request of its own: the hub asks Phrase once for all that wait in the triggerer.

    :param phrase_conn_id: Airflow connection of type ``phrase``.
    :param poke_interval: longest time between polls, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds after which the wait ends, since Airflow does not enforce
        ``execution_timeout`` while a task is deferred; None: none.
    :param note: plain JSON that comes back in the event: what the task must remember.
    :param not_before: epoch seconds until which Phrase asked the task for no request; None: it did not.
    """

    #: Which product of Phrase is polled: a hub belongs to a product and a connection.
    product: ClassVar[str]

    def __init__(
        self,
        *,
        phrase_conn_id: str,
        poke_interval: float | None = None,
        deadline: float | None = None,
        note: dict[str, object] | None = None,
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
        """Return what is waited for."""

    @classmethod
    @abstractmethod
    async def connect(cls, phrase_conn_id: str) -> Client:
        """
        Return a client for the hub, which does not repeat calls; must not block the event loop.

        :param phrase_conn_id: Airflow connection of type ``phrase``.
        :raises PhraseConnectionError: the connection is missing, of another type or badly filled in.
        """

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments: ids and numbers only, since Airflow stores them in clear."""
        kwargs: dict[str, object] = {
            "phrase_conn_id": self.phrase_conn_id,
            "poke_interval": self.poke_interval,
            "deadline": self.deadline,
            "note": self.note,
        }
        if self.not_before is not None:
            # Stored only where it says something: a triggerer of an older version does not know it.
            kwargs["not_before"] = self.not_before
        cls = type(self)
        return f"{cls.__module__}.{cls.__qualname__}", kwargs

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one event: see :mod:`phrase_provider.triggers.events`."""
        try:
            event = events.done(await self._wait())
        except PhraseError as error:
            event = events.failed(error)
        yield TriggerEvent({**event, "deadline": self.deadline, "note": self.note})

    async def _wait(self) -> dict[str, object]:
        state = WaitState(self.condition(), self.log, max_interval=self.poke_interval, deadline=self.deadline)
        waiter = Waiter(state)
        name, connect = f"{self.product} of {self.phrase_conn_id}", partial(self.connect, self.phrase_conn_id)
        hub = hub_of(name, connect, partial(number, REQUESTS_PER_MINUTE))
        with hub.waiting(waiter):
            if self.not_before is not None:
                hub.hold_off(self.not_before - time.time())
            return await waiter.result()
