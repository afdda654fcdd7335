"""The loop in which a trigger waits for a condition."""

from __future__ import annotations

import asyncio
import random
import time
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from phrase_provider.exceptions import PhraseConnectionError, PhraseError
from phrase_provider.hooks.tms import PhraseTmsHook
from phrase_provider.triggers import events
from phrase_provider.triggers.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from phrase_provider.api.tms.conditions import Condition, Pace, Verdict

#: Seconds of nothing but failed looks after which the wait ends with the last reason.
PATIENCE = 600.0


class PhraseWaitTrigger(BaseTrigger):
    """
    Looks at Phrase again and again until a condition is met, lost or late.

    :param phrase_conn_id: Airflow connection of type ``phrase``.
    :param poke_interval: longest time between looks, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds after which the wait ends, since Airflow does not enforce
        ``execution_timeout`` while a task is deferred; None: none.
    """

    def __init__(
        self, *, phrase_conn_id: str, poke_interval: float | None = None, deadline: float | None = None
    ) -> None:
        super().__init__()
        self.phrase_conn_id = phrase_conn_id
        self.poke_interval = poke_interval
        self.deadline = deadline

    @abstractmethod
    def condition(self) -> Condition:
        """Give what is waited for."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give class and arguments: ids and numbers only, since Airflow stores them in clear."""
        kind = type(self)
        return f"{kind.__module__}.{kind.__qualname__}", {
            "phrase_conn_id": self.phrase_conn_id,
            "poke_interval": self.poke_interval,
            "deadline": self.deadline,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one event: see :mod:`phrase_provider.triggers.events`."""
        try:
            hook = await PhraseTmsHook.aconnect(self.phrase_conn_id)
            event = await self._wait(hook)
        except PhraseConnectionError as error:
            event = events.failed(error)
        # The deadline comes back, so that a task that must go on waiting keeps it.
        yield TriggerEvent({**event, "deadline": self.deadline})

    async def _wait(self, hook: PhraseTmsHook) -> dict[str, Any]:
        condition, progress, failing_since = self.condition(), "nothing yet", None
        pacer = _Pacer(condition.pace, self.poke_interval)
        while True:
            try:
                verdict = await in_thread(lambda: condition.check(hook.client))
            except PhraseError as error:
                failing_since = failing_since or time.time()
                if not error.can_pass or time.time() - failing_since > PATIENCE:
                    return events.failed(error)
                self.log.warning("Looking failed, the wait goes on: %s", error)
                await self._sleep(max(pacer.next(), error.retry_after or 0))
            else:
                failing_since = None
                if verdict.progress != progress:
                    progress = verdict.progress
                    verdict.log(self.log)
                    pacer.restart()
                if event := _event(verdict):
                    return event
                await self._sleep(pacer.next())
            if self.deadline is not None and time.time() >= self.deadline:
                return events.timed_out(progress)

    async def _sleep(self, seconds: float) -> None:
        if self.deadline is not None:
            seconds = min(seconds, max(0.0, self.deadline - time.time()))
        await asyncio.sleep(seconds)


class _Pacer:
    """Spaces looks: quick after a change, slower while nothing moves, never in step with others."""

    def __init__(self, pace: Pace, longest: float | None) -> None:
        self._longest = longest if longest is not None else pace.longest
        self._first = min(pace.first, self._longest)
        self._seconds = self._first

    def restart(self) -> None:
        self._seconds = self._first

    def next(self) -> float:
        seconds = self._seconds
        self._seconds = min(seconds * 1.5, self._longest)
        return seconds * random.uniform(0.8, 1.0)


def _event(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.error:
        return events.failed(verdict.error)
    return events.met(verdict.result) if verdict.met else None
