"""Airflow on several machines that share no folder, and batches that travel from bucket to bucket on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import bucket
from airflow_api import DAG_ID, AirflowApi
from airflow_stack import AirflowStack, airflow_stack, wait_until
from bucket import Bucket
from deployments import CELERY
from phrase_records import PhraseRecords
from stalling_proxy import UPLOAD, StallingProxy

from phrase_provider.simulator.process import SimulatorProcess

CONNECTION = "phrase_default"
LANGUAGES = ("de", "fr")
#: Bytes after which the way to Phrase stalls, once; all other uploads are shorter.
MEGABYTE = 1_000_000


class Machines:
    """
    The running services of the profile `celery`, and one Phrase, whose way stalls once.

    :param stack: of :data:`deployments.CELERY`.
    :param way: of all its tasks to Phrase.
    """

    def __init__(self, stack: AirflowStack, way: StallingProxy) -> None:
        self._stack = stack
        self.services = stack.services
        self.api: AirflowApi = stack.api
        self.phrase: SimulatorProcess = stack.phrases[CONNECTION]
        self.way = way
        self.bucket = Bucket(f"http://127.0.0.1:{self.services.ports['5000']}")

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """Kill a machine at once, and start it again at the end."""
        self._stack.kill(name)
        try:
            yield
        finally:
            self._stack.start(name)
            self.services.wait_until_healthy(name)


@contextmanager
def several_machines(folder: Path, bin_folder: Path) -> Iterator[Machines]:
    """
    Start them.

    :param folder: for everything they write, each into folders of its own.
    :param bin_folder: of PostgreSQL's programs.
    """
    with ExitStack() as stack:
        ways: list[StallingProxy] = []

        def way(_: str, phrase: SimulatorProcess) -> str:
            ways.append(stack.enter_context(StallingProxy(phrase.url, UPLOAD, MEGABYTE)))
            return ways[0].url

        started = stack.enter_context(airflow_stack(folder, bin_folder, [CONNECTION], way, CELERY))
        yield Machines(started, ways[0])


class Batch:
    """
    A run of the example DAG, from a folder of the bucket to another, and a Phrase that holds nothing before.

    :param name: of the batch.
    :param sources: contents by file name.
    """

    def __init__(self, machines: Machines, name: str, sources: Mapping[str, str]) -> None:
        machines.phrase.reset()
        self._machines, self._name, self._sources = machines, name, sources
        for file, content in sources.items():
            machines.bucket.put(f"{name}/in/{file}", content)
        self._run_id = ""

    def start(self) -> None:
        conf = {
            "source": f"{bucket.URL}/{self._name}/in/**/*",
            "template": "Translation",
            "target_langs": list(LANGUAGES),
            "batch_id": self._name,
            "target_folder": f"{bucket.URL}/{self._name}/out",
            "max_words": 10_000_000,
        }
        self._run_id = self._machines.api.start(DAG_ID, conf)

    def instances(self, task_id: str) -> list[dict[str, Any]]:
        """Give the instances of a task that were taken up, as Airflow's API shows them."""
        listed = self._machines.api.instances(DAG_ID, self._run_id)
        return [ti for ti in listed if ti["task_id"] == task_id]

    def hosts(self, task_id: str) -> set[str]:
        """Give the machines that worked on a task."""
        return {ti["hostname"] for ti in self.instances(task_id)}

    def tries(self, task_id: str) -> set[int]:
        return {ti["try_number"] for ti in self.instances(task_id)}

    def worker_of(self, task_id: str) -> str:
        """Wait until a task runs, and give the machine it runs on."""

        def running() -> list[str]:
            return [ti["hostname"] for ti in self.instances(task_id) if ti["state"] == "running"]

        wait_until(running, 180, f"{task_id} ran")
        [host] = running()
        return host

    def triggerers(self, task_id: str) -> list[str]:
        """Give the machine that waits for each instance of a task that is deferred."""
        jobs = [ti["triggerer_job"] for ti in self.instances(task_id) if ti["state"] == "deferred"]
        return [job["hostname"] for job in jobs if job]

    def end(self, seconds: float = 420) -> None:
        """Wait for a good end, and check that everything was done once: jobs, deliveries and targets."""
        assert self._machines.api.end_of(DAG_ID, self._run_id, seconds) == "success"
        expected = sorted((file, lang) for file in self._sources for lang in LANGUAGES)
        jobs = PhraseRecords(self._machines.phrase).all_jobs()
        assert sorted((job["filename"], job["targetLang"]) for job in jobs) == expected
        assert {job["status"] for job in jobs} == {"DELIVERED"}
        deliveries = self._machines.phrase.requests("POST", "/setStatus$")
        assert len([each for each in deliveries if each["status"] == 204]) == len(jobs)
        self._require_targets()

    def _require_targets(self) -> None:
        store, folder = self._machines.bucket, f"{self._name}/out"
        assert store.keys(folder) == sorted(f"{lang}/{file}" for file in self._sources for lang in LANGUAGES)
        for file, content in self._sources.items():
            for lang in LANGUAGES:
                target = store.get(f"{folder}/{lang}/{file}")
                assert target != content
                assert target.count("\n") == content.count("\n")
