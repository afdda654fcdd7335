"""Celery on several machines that share no folder: work is spread, and goes on where another was killed."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from airflow_stack import wait_until
from deployments import TRIGGERERS, WORKERS
from phrase_records import PhraseRecords
from several_machines import LANGUAGES, MEGABYTE, Batch, Machines

pytestmark = pytest.mark.celery


def short(number: int) -> dict[str, str]:
    return {f"{n}.md": f"# Hello {n}\n\nWelcome to our shop.\n" for n in range(number)}


def long() -> dict[str, str]:
    return {"long.txt": "".join(f"Line {number} of a long text.\n" for number in range(MEGABYTE // 10))}


def require_own_folders(machines: Machines) -> None:
    """Check that a worker's processes have folders of its own, and no file open for writing elsewhere."""
    services = machines.services
    own = {name: (services.home(name), *services.volumes(name)) for name in WORKERS}
    assert set(own[WORKERS[0]]).isdisjoint(own[WORKERS[1]])
    for name, folders in own.items():
        told = services.environment(name)
        used = [Path(told[key]) for key in ("AIRFLOW__LOGGING__BASE_LOG_FOLDER", "HOME", "TMPDIR")]
        for process in services.processes(name):
            with suppress(psutil.NoSuchProcess):
                used += [Path(process.cwd()), *(Path(f.path) for f in process.open_files() if f.mode != "r")]
        assert [path for path in used if not any(map(path.is_relative_to, folders))] == []


def test_the_workers_share_no_folder(machines: Machines):
    require_own_folders(machines)


def test_a_batch_goes_from_bucket_to_bucket_over_both_workers(machines: Machines):
    batch = Batch(machines, "spread", short(4))
    batch.start()
    batch.end()
    hosts = {host for task in ("exported", "delivered") for host in batch.hosts(f"deliver.{task}")}
    assert hosts == set(WORKERS)


def test_a_worker_killed_in_the_middle_of_an_upload(machines: Machines):
    batch = Batch(machines, "half", long())
    batch.start()
    assert machines.way.stalled.wait(180)
    require_own_folders(machines)
    killed = batch.worker_of("create_jobs")
    with machines.away(killed):
        machines.way.release()
        batch.end()
    assert batch.hosts("create_jobs") == set(WORKERS) - {killed}
    assert batch.tries("create_jobs") == {2}


def test_a_worker_killed_when_the_upload_has_arrived_and_is_not_answered(machines: Machines):
    batch = Batch(machines, "unanswered", short(1))
    machines.phrase.fault(method="POST", path="/jobs$", hang_after=True)
    batch.start()
    wait_until(lambda: machines.phrase.requests("POST", "/jobs$"), 180, "the upload arrived")
    killed = batch.worker_of("create_jobs")
    with machines.away(killed):
        batch.end()
    assert batch.hosts("create_jobs") == set(WORKERS) - {killed}
    assert batch.tries("create_jobs") == {2}
    assert len(machines.phrase.requests("POST", "/jobs$")) == 1


def test_a_triggerer_killed_while_tasks_wait(machines: Machines):
    batch = Batch(machines, "deferred", short(4))
    machines.phrase.settings(work_moves=False)
    batch.start()
    waiting = 4 * len(LANGUAGES)
    translated = "deliver.translated"
    wait_until(lambda: len(batch.triggerers(translated)) == waiting, 240, "all waits were taken up")
    [(killed, _)] = Counter(batch.triggerers(translated)).most_common(1)
    with machines.away(killed):
        [other] = set(TRIGGERERS) - {killed}
        wait_until(lambda: batch.triggerers(translated) == [other] * waiting, 120, "the other took over")
        for job in PhraseRecords(machines.phrase).all_jobs():
            machines.phrase.job(job["uid"], "complete")
        batch.end()
    assert batch.tries(translated) == {1}
