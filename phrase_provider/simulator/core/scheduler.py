"""Time that passes while no request arrives."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from math import inf
from typing import TYPE_CHECKING

from phrase_provider.simulator.webhooks.sender import Sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

    from phrase_provider.simulator.tms.state import World

_SHORTEST_SLEEP = 0.005
"""Real seconds."""
_SETTLING = 5
"""Real seconds that :meth:`Heartbeat.settle` waits at most."""


class Heartbeat:
    """
    Lets things happen when their time comes, and has them told outside; sleeps while nothing is due.

    :param world: its clock says when that is.
    :param deliver_anywhere: tell other machines, too.
    """

    def __init__(self, world: World, *, deliver_anywhere: bool) -> None:
        self._world = world
        self._sender = Sender(world, self.beat, anywhere=deliver_anywhere)
        self._wake = asyncio.Event()
        self._waking = 0.0

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Beat as long as the server runs; what a former run left unsent is sent first."""
        self._world.deliveries.resume()
        beating = asyncio.create_task(self._run())
        yield
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating

    def beat(self) -> None:
        """Let everything happen that is due by now, and begin to tell of it."""
        self._world.turn()
        self._sender.flush()
        if self._next() < self._waking - _SHORTEST_SLEEP:
            self._wake.set()

    def forget(self) -> None:
        """Let go of what is being sent, as the world starts over."""
        self._sender.forget()

    async def settle(self) -> None:
        """Wait until what is due was sent and answered, also repetitions; a few seconds at most."""
        self.beat()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLING):
                await self._sender.idle.wait()

    async def _run(self) -> None:
        while True:
            self.beat()
            self._wake.clear()
            self._waking = self._next()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._waking):
                    await self._wake.wait()

    def _next(self) -> float:
        """Return when, by the event loop's clock, the next thing is due; infinity while nothing is."""
        due = self._world.schedule.next_due()
        seconds = inf if due is None else self._world.clock.until(due)
        return asyncio.get_running_loop().time() + max(seconds, _SHORTEST_SLEEP)
