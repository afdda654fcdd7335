"""What this provider's triggers are made to do, each in a process of its own."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks.waiting.fast_loop import FastLoop
from benchmarks.waiting.meter import begin, cost
from phrase_provider.hooks.tms import PhraseTmsHook
from phrase_provider.simulator.process import SimulatorProcess
from phrase_provider.triggers.events import DONE
from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger
from phrase_provider.triggers.tms.jobs import PhraseTmsJobsImportedTrigger, PhraseTmsJobStatusTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    #: Uids of project and job.
    Job = tuple[str, str]

CONNECTION = "phrase_default"
#: Default of ``[phrase] machine_poke_interval`` and ``human_poke_interval``, which sensors pass on.
MACHINE, HUMAN = 30, 300


def run(scenario: Callable[..., Coroutine[Any, Any, Any]], **arguments: Any) -> Any:
    """
    Run a scenario in a loop of its own.

    :param arguments: of the scenario; `speed` is for the loop, too.
    """
    speed = arguments.get("speed", 1)
    with asyncio.Runner(loop_factory=lambda: FastLoop(speed)) as runner:
        return runner.run(scenario(**arguments))


async def jobs(jobs: list[Job], interval: float, seconds: float) -> dict[str, Any]:
    """Let a wait for each job cost what it costs."""

    def make(number: int) -> PhraseTmsJobStatusTrigger:
        return _status(jobs[number], interval)

    return (await cost(make, len(jobs), settle=2 * interval, seconds=seconds))._asdict()


async def exports(jobs: list[Job], lasting: list[str], at_once: int) -> dict[str, Any]:
    """
    Export each job and wait for it, so many at once; beside them, exports that do not end.

    :param lasting: async requests that do not end.
    """
    client = PhraseTmsHook(CONNECTION).client
    await begin([_export(request) for request in lasting])
    free, since = asyncio.Semaphore(at_once), time.time()

    async def one(job: Job) -> bool:
        async with free:
            request = await asyncio.to_thread(client.exports.start, *job)
            return await _met(_export(request))

    met = await asyncio.gather(*map(one, jobs))
    return {"since": since, "until": time.time(), "met": sum(met)}


async def imports(jobs: list[Job], url: str, shortest: float, longest: float) -> dict[str, Any]:
    """
    Wait for imports that end after a time.

    :param url: of the simulator, whose time stands still: an import ends at command.
    """
    simulator = SimulatorProcess()
    simulator.url = url

    async def one(job: Job) -> float:
        trigger = PhraseTmsJobsImportedTrigger(
            project_uid=job[0], job_uids=[job[1]], phrase_conn_id=CONNECTION, poke_interval=MACHINE
        )
        waiting = asyncio.create_task(_met(trigger))
        await asyncio.sleep(random.uniform(shortest, longest))
        await asyncio.to_thread(simulator.job, job[1], "accept")
        ended = time.time()
        if not await waiting:
            raise RuntimeError("An import was not seen.")
        return time.time() - ended

    return {"delays": await asyncio.gather(*map(one, jobs))}


async def many(jobs: list[Job], speed: float, minutes: float) -> dict[str, Any]:
    """
    Wait for very many jobs, until all are completed; look at the process meanwhile.

    :param minutes: of the loop, in which nothing may grow.
    """
    process, events = psutil.Process(), [0] * len(jobs)

    async def one(number: int) -> bool:
        met = False
        async for event in _status(jobs[number], HUMAN).run():
            events[number] += 1
            met = event.payload["status"] == DONE
        return met

    waiting = [asyncio.create_task(one(number)) for number in range(len(jobs))]
    samples = []
    ended = asyncio.gather(*waiting)
    for _ in range(round(minutes)):
        await asyncio.sleep(60)
        samples.append((len(asyncio.all_tasks()), process.memory_info().rss))
    met = await ended
    return {
        "samples": samples,
        "met": sum(met),
        "twice": sum(count > 1 for count in events),
        "left": len(asyncio.all_tasks()) - 1,
        "speed": speed,
    }


async def restart(jobs: list[Job], speed: float) -> dict[str, Any]:
    """Wait, stop as a triggerer does, and begin again; nothing else than the second beginning is timed."""
    first = await begin([_status(job, HUMAN) for job in jobs])
    await asyncio.sleep(60)
    for task in first:
        task.cancel()
    await asyncio.gather(*first, return_exceptions=True)
    since = time.time()
    again = await begin([_status(job, HUMAN) for job in jobs])
    await asyncio.sleep(60 - (time.time() - since) * speed)
    until = time.time()
    waiting = sum(not task.done() for task in again)
    for task in again:
        task.cancel()
    return {"since": since, "until": until, "waiting": waiting}


def _status(job: Job, interval: float) -> PhraseTmsJobStatusTrigger:
    return PhraseTmsJobStatusTrigger(
        project_uid=job[0], job_uids=[job[1]], phrase_conn_id=CONNECTION, poke_interval=interval
    )


def _export(request: str) -> PhraseTmsAsyncRequestTrigger:
    return PhraseTmsAsyncRequestTrigger(
        async_request_id=request, phrase_conn_id=CONNECTION, poke_interval=MACHINE
    )


async def _met(trigger: Any) -> bool:
    event = await anext(trigger.run())
    return bool(event.payload["status"] == DONE)
