"""Many exports at once, over a limit of 200 pending async requests that Phrase enforces."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import TaskDeferred
from phrase_fixtures import Phrase
from task_runs import context, rebuilt

from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.simulator.process import SimulatorProcess

pytestmark = pytest.mark.load

#: Tasks that run at once; those that are deferred hold none of these.
WORKER_SLOTS = 16
LIMIT = 200
#: A host of its own that exports a job many times at once, from workers that wait.
HOST = """
import sys
from concurrent.futures import ThreadPoolExecutor
from task_runs import context
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator as Export

project_uid, job_uid, folder, number = sys.argv[1:]

def export(index):
    target = f"{folder}/{index}.md"
    task = Export(
        task_id="task", project_uid=project_uid, job_uid=job_uid, target_path=target, poll_interval=0.3
    )
    return task.execute(context())

with ThreadPoolExecutor(int(number)) as pool:
    list(pool.map(export, range(int(number))))
"""


@pytest.fixture
def busy(connect, monkeypatch, tmp_path):
    """A Phrase whose time runs, and a completed job there."""
    with SimulatorProcess(speed=1) as simulator:
        monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", simulator.airflow_connection())
        monkeypatch.setenv("AIRFLOW__PHRASE__REQUESTS_PER_MINUTE", "6000")
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        simulator.settings(work_moves=False, export_seconds=(2, 3), quota_per_minute=None)
        phrase = Phrase(simulator)
        project_uid, (job_uid,) = phrase.jobs("de")
        simulator.job(job_uid, "complete")
        yield phrase, {"project_uid": project_uid, "job_uid": job_uid}
        phrase.client.close()


class LittleAirflow:
    """Runs deferrable tasks as Airflow does: few workers, and a triggerer with one event loop."""

    def __init__(self, make) -> None:
        self._make = make
        self._workers = ThreadPoolExecutor(WORKER_SLOTS)

    async def run(self, number: int) -> list[Any]:
        with self._workers:
            return await asyncio.gather(*map(self._task, range(number)), return_exceptions=True)

    async def _task(self, index: int) -> Any:
        step, told = "execute", None
        while True:
            loop = asyncio.get_running_loop()
            outcome = await loop.run_in_executor(self._workers, self._leg, index, step, told)
            if not isinstance(outcome, TaskDeferred):
                return outcome
            trigger = rebuilt(outcome.trigger)
            step, told = outcome.method_name, (await anext(trigger.run())).payload

    def _leg(self, index: int, step: str, event: Any) -> Any:
        task = self._make(index)
        try:
            return getattr(task, step)(context(), *([event] if event else []))
        except TaskDeferred as deferred:
            return deferred
        finally:
            task.client.close()


async def _peak(phrase: Phrase, work: asyncio.Future[Any]) -> int:
    """Give the most async requests that were pending at once during some work."""
    peak = 0
    while not work.done():
        peak = max(peak, (await asyncio.to_thread(phrase.client.async_requests.get_pending_count))["count"])
        await asyncio.sleep(0.1)
    return peak


def starts(phrase: Phrase) -> Counter[int]:
    return Counter(request["status"] for request in phrase.sent("PUT", "/targetFile$"))


def test_a_thousand_deferred_exports_stay_below_the_limit(busy, tmp_path):
    phrase, job = busy

    def make(index):
        return PhraseTmsExportTargetFileOperator(
            task_id="task",
            deferrable=True,
            target_path=f"{tmp_path}/out/{index}.md",
            poll_interval=0.5,
            **job,
        )

    async def all_at_once():
        work = asyncio.ensure_future(LittleAirflow(make).run(1000))
        return await _peak(phrase, work), await work

    peak, written = asyncio.run(all_at_once())
    assert [one for one in written if not isinstance(one, dict)] == []
    assert len(list((tmp_path / "out").iterdir())) == 1000
    assert 0.5 * LIMIT < peak <= LIMIT
    counted = starts(phrase)
    assert counted[202] == 1000
    assert counted[429] < 20


def test_hosts_that_know_nothing_of_each_other_are_refused_seldom_and_end_well(busy, tmp_path):
    phrase, job = busy
    phrase.simulator.settings(pending_limit=25)
    hosts = [
        subprocess.Popen(
            [sys.executable, "-c", HOST, *job.values(), str(tmp_path / name), "30"],
            env={
                **os.environ,
                "TMPDIR": str(tmp_path / f"tmp-{name}"),
                "PYTHONPATH": str(Path(__file__).parents[2]),
            },
        )
        for name in ("one", "two", "three")
        if not (tmp_path / f"tmp-{name}").mkdir()
    ]
    assert [host.wait(120) for host in hosts] == [0, 0, 0]
    assert len(list(tmp_path.glob("*/*.md"))) == 90
    counted = starts(phrase)
    assert counted[202] == 90
    assert counted[429] <= 90
    # Each looks once before its start; more looks tell that there was no room.
    assert len(phrase.sent("GET", "/async/status$")) > 90
