"""Waits that a person ends, or that Airflow interrupts, and what becomes of their jobs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow_stack import AirflowStack, airflow_stack, wait_until
from phrase_records import PhraseRecords

DAG_ID = "ended"
#: Tasks of the DAG, each with a source file of its name.
WAITS = ("failed", "failed_on_worker", "failed_by_default", "cleared")
WAITING = {"failed_on_worker": "running", **dict.fromkeys(set(WAITS) - {"failed_on_worker"}, "deferred")}

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path) -> Iterator[AirflowStack]:
    with airflow_stack(tmp_path_factory.mktemp("ended"), postgres_programs, ["ended"]) as started:
        yield started


class Waits:
    """A run whose waits have begun, for jobs on which nobody works."""

    def __init__(self, stack: AirflowStack) -> None:
        self._api, self.phrase = stack.api, stack.phrases["ended"]
        self.phrase.settings(work_moves=False)
        files = [stack.folder / f"{name}.txt" for name in WAITS]
        for file in files:
            file.write_text(file.stem)
        self._run_id = self._api.start(DAG_ID, {"connection": "ended", "files": list(map(str, files))})
        wait_until(lambda: self.states() == WAITING, 240, "all waits began")

    def states(self) -> dict[str, str]:
        states = self._api.states(DAG_ID, self._run_id)
        return {name: states[name] for name in WAITS}

    def jobs(self) -> dict[str, str]:
        """Give the status of each wait's job."""
        records = PhraseRecords(self.phrase)
        [project] = records.projects()
        return {job["filename"].removesuffix(".txt"): job["status"] for job in records.jobs(project)}

    def fail(self, name: str) -> None:
        self._api.mark(DAG_ID, self._run_id, name, "failed")

    def clear(self, name: str) -> None:
        self._api.clear(DAG_ID, self._run_id, name)

    def cancelled(self) -> int:
        return len(self.phrase.requests("POST", "/setStatus$"))


def test_only_a_person_who_ends_a_wait_cancels_its_job_and_only_when_asked_to(stack):
    waits = Waits(stack)
    stack.end("triggerer")
    stack.start("triggerer")
    time.sleep(15)
    assert (waits.cancelled(), waits.states()) == (0, WAITING)

    waits.clear("cleared")
    for name in ("failed", "failed_on_worker", "failed_by_default"):
        waits.fail(name)
    wait_until(lambda: waits.cancelled() == 2, 60, "the jobs were cancelled")
    wait_until(lambda: waits.states()["cleared"] == "deferred", 120, "the cleared task waited again")
    time.sleep(10)
    assert waits.jobs() == {
        "failed": "CANCELLED",
        "failed_on_worker": "CANCELLED",
        "failed_by_default": "NEW",
        "cleared": "NEW",
    }
