"""Waits at a poll hub, in an event loop of their own and without Airflow."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from phrase_fixtures import until

from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.simulator.process import SimulatorProcess
from phrase_provider.waiting.hub.hub import Hub
from phrase_provider.waiting.hub.waiter import Waiter
from phrase_provider.waiting.wait_state import WaitState

log = logging.getLogger("task")


def client_of(simulator: SimulatorProcess, **changes: Any) -> TmsClient:
    """Make a client as the hub wants it: it repeats nothing."""
    told = {"api_token": simulator.api_token, "timeout": 2, "retries": 0, "token_cache": False, **changes}
    urls = {
        "platform_url": simulator.url,
        "tms_url": simulator.tms_url,
        "strings_url": f"{simulator.url}/v2",
    }
    return TmsClient.connect(ClientSettings(**urls | told))


class HubRun:
    """
    A hub, and what it came to.

    :param connect: gives a client each time the hub connects.
    :param per_minute: its budget.
    """

    def __init__(self, connect: Callable[[], TmsClient], per_minute: float = 6000) -> None:
        self.stops = self.connections = 0
        self._connect = connect
        self.hub = Hub(self._aconnect, per_minute, self._stopped)

    async def _aconnect(self) -> TmsClient:
        self.connections += 1
        return self._connect()

    def _stopped(self) -> None:
        self.stops += 1

    async def wait(self, condition: Any, seconds: float = 60, **arguments: Any) -> Any:
        """
        Wait for one condition.

        :return: the result, or the error with which the wait ended.
        """
        given = {
            "max_interval": 0.1,
            "deadline": time.time() + seconds,
            "max_failure_duration": 5,
            **arguments,
        }
        waiter = Waiter(WaitState(condition, log, **given))
        with self.hub.waiting(waiter):
            (outcome,) = await asyncio.gather(waiter.result(), return_exceptions=True)
            return outcome

    async def wait_until(
        self, seen: Callable[[], object], conditions: Sequence[Any], **arguments: Any
    ) -> bool:
        """
        Wait for conditions until something can be seen, for a minute at most.

        :return: whether all were still waiting then.
        """
        waiting = asyncio.ensure_future(self.wait_all(conditions, 60, **arguments))
        await asyncio.to_thread(until, lambda: waiting.done() or seen())
        still = not waiting.done()
        waiting.cancel()
        await asyncio.wait([waiting])
        return still

    async def wait_all(self, conditions: Sequence[Any], seconds: float = 60, **arguments: Any) -> list[Any]:
        return await asyncio.gather(*(self.wait(each, seconds, **arguments) for each in conditions))


def at_hub(
    simulator: SimulatorProcess, go: Callable[[HubRun], Coroutine[Any, Any, Any]], **arguments: Any
) -> Any:
    """Run a coroutine function with a hub that leads to a simulator."""

    async def run() -> Any:
        return await go(HubRun(lambda: client_of(simulator), **arguments))

    return asyncio.run(run())


async def others_ended() -> None:
    """Wait until the running task is the only one of its loop."""
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        _, left = await asyncio.wait(others, timeout=60)
        assert not left


def threads_ended() -> None:
    """Wait until no thread of a hub is in a call any more."""
    for thread in threading.enumerate():
        if thread.name == "phrase-hub":
            thread.join(60)
