"""What waiting costs a process: CPU, stalls of the event loop, memory."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds between two looks at the loop.
TICK = 0.005
#: Waits that begin at a time, and the pause after them, as in Airflow's triggerer.
BATCH, PAUSE = 50, 0.1
#: Prints the longest lag of a loop that does nothing else, when its input ends.
IDLE_LOOP = (sys.executable, "-m", "benchmarks.waiting.meter")


class Cost(NamedTuple):
    """
    What a number of waits cost.

    :param since: epoch seconds at which counting began, when all were waiting.
    :param until: epoch seconds of its end.
    :param cpu: seconds of CPU in that time.
    :param idle_lag: longest lag of an idle loop, in a process beside this one at the same time, in seconds:
        what the machine did, not the waits.
    :param stall: longest lag from the first wait on until counting began, in seconds.
    :param memory: bytes that each wait added to the process.
    :param failed: waits that ended, which none should.
    """

    since: float
    until: float
    cpu: float
    idle_lag: float
    stall: float
    memory: float
    failed: int


class LagMeter:
    """Looks how late the event loop is, as long as the context lasts; `longest` is in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK)
            self.longest = max(self.longest, time.perf_counter() - began - TICK)


async def cost(make: Callable[[int], Any], waits: int, settle: float, seconds: float) -> Cost:
    """
    Let triggers wait, and measure.

    :param make: makes a trigger, given its number.
    :param settle: seconds after the last wait has begun, in which stalls are looked for, too.
    :param seconds: to count CPU and requests.
    """
    # What is loaded at first use is loaded now.
    await _cancel(await begin([make(0)]), after=3)
    memory = _memory()
    idle = await asyncio.create_subprocess_exec(*IDLE_LOOP, stdin=PIPE, stdout=PIPE)
    async with LagMeter() as busy:
        tasks = await begin([make(number) for number in range(waits)])
        await asyncio.sleep(settle)
    idle_lag = float((await idle.communicate(b""))[0])
    # The look at the loop is no cost of the waits: it ends here.
    since, cpu = time.time(), time.process_time()
    await asyncio.sleep(seconds)
    until, cpu = time.time(), time.process_time() - cpu
    grown = _memory() - memory
    failed = sum(task.done() for task in tasks)
    await _cancel(tasks)
    return Cost(since, until, cpu, idle_lag, busy.longest, grown / waits, failed)


async def begin(triggers: list[Any]) -> list[asyncio.Task[Any]]:
    """Let triggers begin to wait, a few at a time; each task ends with the first event."""
    tasks = []
    for number, trigger in enumerate(triggers, 1):
        tasks.append(asyncio.create_task(anext(trigger.run())))
        if number % BATCH == 0:
            await asyncio.sleep(PAUSE)
    return tasks


async def _cancel(tasks: list[asyncio.Task[Any]], after: float = 0) -> None:
    await asyncio.sleep(after)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _memory() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


async def _idle() -> float:
    async with LagMeter() as meter:
        await asyncio.to_thread(sys.stdin.read)
    return meter.longest


if __name__ == "__main__":
    print(asyncio.run(_idle()))
