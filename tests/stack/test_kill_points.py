"""Every task is killed at each point of its work and tried again by Airflow; nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from airflow_stack import AirflowStack, TaskProcesses, airflow_stack, wait_until
from phrase_records import PhraseRecords

from phrase_provider.simulator.process import SimulatorProcess

SOURCE = "# Hello\n\nWelcome to our shop.\n"

#: The request that changes something in Phrase, for each task that sends one.
CHANGES = {
    "project": ("POST", "/applyTemplate/"),
    "jobs": ("POST", "/jobs$"),
    "exported": ("PUT", "/targetFile$"),
    "delivered": ("POST", "/setStatus$"),
}
TASKS = ("plan", "project", "jobs", "imported", "translated", "exported", "delivered")

BEFORE, UNANSWERED, UNRECORDED, AFTER = "before", "unanswered", "unrecorded", "after"
POINTS = (BEFORE, UNANSWERED, UNRECORDED, AFTER)
DAGS = ("kills_waiting", "kills_deferring")
RUNS = [(dag_id, point) for dag_id in DAGS for point in POINTS]

pytestmark = pytest.mark.stack


def connection(dag_id: str, point: str) -> str:
    return f"{dag_id}_{point}"


@dataclass
class Run:
    """A started run, with the Phrase that is its own."""

    dag_id: str
    point: str
    run_id: str
    folder: Path
    phrase: SimulatorProcess

    @property
    def target(self) -> Path:
        return self.folder / "out" / "target.md"

    def kill_each_task(self) -> None:
        processes = TaskProcesses(self.folder / "told")
        # The heartbeat's way of missing a task is slow, the supervisor's is quick: both are seen.
        with_supervisor = self.dag_id == "kills_deferring"
        for task in TASKS:
            if self.point in (BEFORE, AFTER):
                processes.wait_for(f"{task}.-1", self.point).kill(with_supervisor=with_supervisor)
            elif task in CHANGES:
                process = processes.wait_for(f"{task}.-1", BEFORE)
                self._await_request(*CHANGES[task], freeze=process if self.point == UNRECORDED else None)
                process.kill(with_supervisor=with_supervisor or self.point == UNRECORDED)

    def _await_request(self, method: str, path: str, freeze: Any) -> None:
        wait_until(lambda: self.phrase.requests(method, path), 60, f"{method} {path} arrived")
        if freeze:
            freeze.freeze_supervisor()
            wait_until(lambda: self.phrase.requests(method, path)[0]["status"], 20, f"{path} was answered")
        time.sleep(0.5)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path) -> Iterator[AirflowStack]:
    folder = tmp_path_factory.mktemp("kills")
    with airflow_stack(folder, postgres_programs, [connection(*run) for run in RUNS]) as started:
        yield started


@pytest.fixture(scope="module")
def runs(stack: AirflowStack) -> Iterator[dict[tuple[str, str], tuple[Run, Future[None]]]]:
    """Runs that go on side by side, since a killed worker is missed only after a while."""
    with ThreadPoolExecutor(len(RUNS)) as killers:
        started = {key: _start(stack, *key) for key in RUNS}
        yield {key: (run, killers.submit(run.kill_each_task)) for key, run in started.items()}


def _start(stack: AirflowStack, dag_id: str, point: str) -> Run:
    name = connection(dag_id, point)
    folder, phrase = stack.folder / name, stack.phrases[name]
    (folder / "told").mkdir(parents=True)
    (folder / "source.md").write_text(SOURCE)
    if point in (UNANSWERED, UNRECORDED):
        fault = {"hang_after": True} if point == UNANSWERED else {"delay": 3}
        for method, path in CHANGES.values():
            phrase.fault(method=method, path=path, **fault)
    conf = {
        "connection": name,
        "folder": str(folder / "told"),
        "hold": point,
        "source": str(folder / "source.md"),
        "target_folder": str(folder / "out"),
    }
    return Run(dag_id, point, stack.api.start(dag_id, conf), folder, phrase)


@pytest.mark.parametrize(("dag_id", "point"), RUNS)
def test_the_run_ends_well_and_nothing_is_done_twice(stack, runs, dag_id, point):
    run, killing = runs[dag_id, point]
    killing.result()
    assert stack.api.end_of(dag_id, run.run_id) == "success"
    tries = stack.api.tries(dag_id, run.run_id)
    killed = TASKS if point in (BEFORE, AFTER) else CHANGES
    assert {task: tries[f"{task}.-1"] for task in killed if tries[f"{task}.-1"] < 2} == {}
    phrase = PhraseRecords(run.phrase)
    [project] = phrase.projects()
    [job] = phrase.jobs(project)
    assert job["status"] == "DELIVERED"
    # One mail for one delivery, whatever became of the task.
    assert len(run.phrase.requests("POST", "/setStatus$")) == 1
    assert run.target.read_text() != SOURCE
    assert run.target.read_text().count("\n") == SOURCE.count("\n")
    assert [path.name for path in run.target.parent.iterdir()] == ["target.md"]
