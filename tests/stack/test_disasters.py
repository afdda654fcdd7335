"""What happens to a running Airflow: killed workers, triggerers and schedulers, and a Phrase that is away."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_stack import AirflowStack, TaskProcesses, airflow_stack, wait_until
from phrase_records import PhraseRecords
from stalling_proxy import DOWNLOAD, UPLOAD, StallingProxy

from phrase_provider.simulator.process import SimulatorProcess

CONNECTIONS = ("reset", "upload", "download", "random", "mapped", "triggerer", "scheduler", "outage")
MEGABYTE = 1_000_000

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def proxies() -> Iterator[dict[str, StallingProxy]]:
    """The ways to Phrase that will stall, by connection; filled in by the stack."""
    proxies: dict[str, StallingProxy] = {}
    yield proxies
    for proxy in proxies.values():
        proxy.__exit__()


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path, proxies: dict[str, StallingProxy]
) -> Iterator[AirflowStack]:
    def way(name: str, phrase: SimulatorProcess) -> str:
        if name not in (UPLOAD, DOWNLOAD):
            return phrase.url
        proxies[name] = StallingProxy(phrase.url, name, MEGABYTE).__enter__()
        return proxies[name].url

    with airflow_stack(tmp_path_factory.mktemp("outages"), postgres_programs, CONNECTIONS, way) as started:
        yield started


class Flow:
    """
    A run that a test starts, with a folder and a Phrase of its own.

    :param dag_id: of `dags/`.
    :param name: of the connection.
    :param contents: of the source files.
    """

    def __init__(self, stack: AirflowStack, dag_id: str, name: str, contents: list[str]) -> None:
        self._stack, self._dag_id = stack, dag_id
        self.phrase = stack.phrases[name]
        self.folder = stack.folder / f"flow-{name}"
        self.told = self.folder / "told"
        self.told.mkdir(parents=True)
        files = [self.folder / f"{number}.txt" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_text(content)
        self.target = self.folder / "out" / "target.md"
        conf: dict[str, Any] = {
            "connection": name,
            "folder": str(self.told),
            "source": str(files[0]),
            "files": [str(file) for file in files],
            "target_folder": str(self.folder / "out"),
        }
        self._run_id = stack.api.start(dag_id, conf)

    def kill(self, task: str, point: str = "before") -> None:
        TaskProcesses(self.told).wait_for(task, point).kill()

    def has_begun(self, task: str, number: int) -> None:
        """Wait until so many mapped instances of a task have begun."""
        wait_until(lambda: len(list(self.told.glob(f"{task}.*"))) >= number, 240, f"{number} {task} began")

    def has_uploaded(self, number: int) -> None:
        """Wait until so many uploads have arrived."""
        wait_until(
            lambda: len(self.phrase.requests("POST", "/jobs$")) >= number, 240, f"{number} uploads arrived"
        )

    def end(self, seconds: float = 420) -> dict[str, int]:
        """Wait for a good end; gives the tries of each task."""
        assert self._stack.api.end_of(self._dag_id, self._run_id, seconds) == "success"
        return self._stack.api.tries(self._dag_id, self._run_id)

    def require_each_once(self, number: int) -> None:
        """Check Phrase's records: one project, a delivered job for each file, one mail for each."""
        records = PhraseRecords(self.phrase)
        [project] = records.projects()
        jobs = records.jobs(project)
        assert sorted(job["filename"] for job in jobs) == sorted(f"{n}.txt" for n in range(number))
        assert {job["status"] for job in jobs} == {"DELIVERED"}
        assert len([mail for mail in self._deliveries() if mail["status"] == 204]) == number

    def _deliveries(self) -> list[dict[str, Any]]:
        return self.phrase.requests("POST", "/setStatus$")


def short(number: int) -> list[str]:
    return [f"Hello {n}\n" for n in range(number)]


def long() -> list[str]:
    return ["".join(f"Line {number} of a long text.\n" for number in range(120_000))]


def test_answers_that_get_lost_on_their_way(stack):
    phrase = stack.phrases["reset"]
    for method, path in (
        ("POST", "/applyTemplate/"),
        ("POST", "/jobs$"),
        ("PUT", "/targetFile$"),
        ("POST", "/setStatus$"),
    ):
        phrase.fault(method=method, path=path, reset_after=True)
    flow = Flow(stack, "kills_waiting", "reset", short(1))
    assert set(flow.end().values()) == {1}
    records = PhraseRecords(phrase)
    [project] = records.projects()
    assert [job["status"] for job in records.jobs(project)] == ["DELIVERED"]
    assert len(phrase.requests("POST", "/setStatus$")) == 1


@pytest.mark.parametrize(("direction", "task"), [(UPLOAD, "jobs"), (DOWNLOAD, "exported")])
def test_a_worker_killed_in_the_middle_of_a_file(stack, proxies, direction, task):
    flow = Flow(stack, "kills_waiting", direction, long())
    assert proxies[direction].stalled.wait(180)
    assert not flow.target.exists()
    flow.kill(f"{task}.-1")
    proxies[direction].release()
    assert flow.end()[f"{task}.-1"] == 2
    flow.require_each_once(1)
    assert flow.target.read_text().count("\n") == long()[0].count("\n")
    assert [path.name for path in flow.target.parent.iterdir()] == ["target.md"]


def test_twenty_mapped_uploads_killed_at_random(stack):
    phrase = stack.phrases["mapped"]
    phrase.fault(path="/jobs", delay=0.7, times=None)
    flow = Flow(stack, "many_mapped", "mapped", short(20))
    flow.has_begun("jobs", 1)
    chosen, killed = random.Random(4), Counter[str]()
    give_up = time.monotonic() + 120
    while killed.total() < 25 and time.monotonic() < give_up:
        processes = TaskProcesses(flow.told).all_of("jobs")
        running = {name: process for name, process in processes.items() if process.is_running}
        # Each may die three times, as Airflow gives a task only so many tries.
        if mortal := sorted(name for name in running if killed[name] < 3):
            name = chosen.choice(mortal)
            running[name].kill()
            killed[name] += 1
        time.sleep(chosen.uniform(0.1, 0.6))
    phrase.clear_faults()
    tries = flow.end()
    assert killed.total() >= 20
    # A process that was killed when its result had been stored already costs no try.
    assert sum(tries[name] - 1 for name in killed) >= 15
    flow.require_each_once(20)


def test_one_task_for_twenty_uploads_killed_at_random(stack):
    phrase = stack.phrases["random"]
    phrase.fault(path="/jobs", delay=0.7, times=None)
    flow = Flow(stack, "many", "random", short(20))
    chosen, killed = random.Random(4), 0
    processes, give_up = TaskProcesses(flow.told), time.monotonic() + 400
    # What a try left unanswered is looked for as long as a request may last: few kills take long.
    while killed < 4 and time.monotonic() < give_up:
        task = processes.all_of("jobs").get("jobs.-1")
        if task and task.is_running:
            time.sleep(chosen.uniform(0.5, 4))
            if task.is_running:
                task.kill()
                killed += 1
        time.sleep(0.2)
    phrase.clear_faults()
    tries = flow.end(900)
    assert killed == 4
    assert tries["jobs.-1"] == 5
    flow.require_each_once(20)


def test_the_triggerer_killed_while_fifty_tasks_wait(stack):
    phrase = stack.phrases["triggerer"]
    phrase.settings(work_moves=False)
    flow = Flow(stack, "many", "triggerer", short(50))
    flow.has_begun("translated", 50)
    stack.kill("triggerer")
    for job in PhraseRecords(phrase).all_jobs():
        phrase.job(job["uid"], "complete")
    time.sleep(10)
    assert not list(flow.told.glob("delivered.*"))
    stack.start("triggerer")
    assert {tries for task, tries in flow.end().items() if task.startswith("translated")} == {1}
    flow.require_each_once(50)


def test_the_scheduler_killed_for_half_a_minute(stack):
    flow = Flow(stack, "many", "scheduler", short(20))
    flow.has_uploaded(5)
    stack.kill("scheduler")
    time.sleep(30)
    stack.start("scheduler")
    flow.end()
    flow.require_each_once(20)


def test_phrase_away_for_a_minute(stack):
    flow = Flow(stack, "many", "outage", short(20))
    flow.has_uploaded(5)
    stack.restart_phrase("outage", away=60)
    flow.end()
    flow.require_each_once(20)
