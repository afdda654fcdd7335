"""The scheduler: runs due events while no request arrives."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from math import inf
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.applications import Starlette

    from phrase_provider.simulator.core.state import BaseState

_SHORTEST_SLEEP = 0.005
"""Real seconds."""
_SETTLING = 5
"""Real seconds that :meth:`Scheduler.settle` waits at most."""


class Sender(Protocol):
    """Sends messages that are due; calls back after each one that was answered or failed."""

    idle: asyncio.Event

    def on_answered(self, callback: Callable[[], None]) -> None: ...
    def resume(self) -> None: ...
    def flush(self) -> None: ...
    def forget(self) -> None: ...


class Scheduler:
    """
    Runs scheduled events when they are due and has messages sent; sleeps while nothing is due.

    :param state: has the schedule and the clock.
    :param sender: sends messages that are due.
    """

    def __init__(self, state: BaseState, sender: Sender) -> None:
        self._state = state
        self._sender = sender
        self._wake = asyncio.Event()
        self._waking = 0.0
        sender.on_answered(self.tick)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Run for the lifetime of the server; messages left by the previous run are sent first."""
        self._sender.resume()
        running = asyncio.create_task(self._run())
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    def tick(self) -> None:
        """Run all events that are due, and start sending the resulting messages."""
        self._state.run_due()
        self._sender.flush()
        if self._next() < self._waking - _SHORTEST_SLEEP:
            self._wake.set()

    def forget(self) -> None:
        """Drop messages that are being sent, as the state is reset."""
        self._sender.forget()

    async def settle(self) -> None:
        """Wait until all due messages, including retries, were sent and answered; a few seconds at most."""
        self.tick()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLING):
                await self._sender.idle.wait()

    async def _run(self) -> None:
        while True:
            self.tick()
            self._wake.clear()
            self._waking = self._next()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._waking):
                    await self._wake.wait()

    def _next(self) -> float:
        """Return when the next event is due, by the event loop's clock; infinity while there is none."""
        due = self._state.schedule.next_due()
        seconds = inf if due is None else self._state.clock.until(due)
        return asyncio.get_running_loop().time() + max(seconds, _SHORTEST_SLEEP)
