"""Two runs of the continuous DAG at the same moment, on several machines over one bucket."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import bucket
import pytest
from airflow_stack import wait_until
from deployments import WORKERS
from phrase_records import PhraseRecords
from several_machines import LANGUAGES, Machines

DAG_ID = "phrase_tms_continuous"

pytestmark = pytest.mark.celery


class Content:
    """
    Source files that runs keep translated, and a Phrase that holds nothing before.

    :param folder: in the bucket.
    """

    def __init__(self, machines: Machines, folder: str) -> None:
        self._machines, self._folder = machines, folder
        self._sources: dict[str, str] = {}
        machines.phrase.reset()
        machines.api.unpause(DAG_ID)

    def write(self, name: str, number: int) -> None:
        """Write a file that no other looks like."""
        self._sources[name] = f"# Order {number}\n\nYour order has the number {number}.\n"
        self._machines.bucket.put(f"{self._folder}/in/{name}", self._sources[name])

    def start_two(self) -> list[str]:
        """Start two runs at the same moment; gives their ids."""
        conf = {
            "source": f"{bucket.URL}/{self._folder}/in/**/*",
            "target_langs": list(LANGUAGES),
            "template": "Translation",
            "batch_id": self._folder,
            "target_folder": f"{bucket.URL}/{self._folder}/out",
        }
        return [self._machines.api.start(DAG_ID, conf) for _ in range(2)]

    def end(self, runs: list[str]) -> None:
        """Wait for the good ends of runs."""
        states = [self._machines.api.end_of(DAG_ID, run, 600) for run in runs]
        assert states == ["success"] * len(runs)

    def instances(self, runs: list[str]) -> list[dict[str, Any]]:
        return [ti for run in runs for ti in self._machines.api.instances(DAG_ID, run)]

    def sent(self, path: str) -> int:
        """Count the requests that succeeded at an endpoint."""
        requests = self._machines.phrase.requests("POST", path)
        return len([request for request in requests if request["status"] in range(200, 300)])

    def require_each_once(self) -> None:
        """Check that Phrase has one job for each file and language; manifest and bucket agree with it."""
        jobs = {(job["filename"], job["targetLang"]): (job["uid"], job["status"]) for job in self._jobs()}
        expected = {(name, lang) for name in self._sources for lang in LANGUAGES}
        assert len(self._jobs()) == len(jobs)
        assert set(jobs) == expected
        assert {status for _, status in jobs.values()} == {"DELIVERED"}
        lines = self._machines.bucket.manifest(f"{self._folder}/out/phrase-manifest.jsonl")
        assert {key: (line["job_uid"], line["status"]) for key, line in lines.items()} == jobs
        for (name, lang), line in lines.items():
            self._require_target(name, lang)
            assert line["sha256"] == line["target_source_sha256"] == _checksum(self._sources[name])
            assert line["target_sha256"] == _checksum(self._target(name, lang))

    def _jobs(self) -> list[dict[str, Any]]:
        return PhraseRecords(self._machines.phrase).all_jobs()

    def _target(self, name: str, lang: str) -> str:
        return self._machines.bucket.get(f"{self._folder}/out/{lang}/{name}")

    def _require_target(self, name: str, lang: str) -> None:
        target, source = self._target(name, lang), self._sources[name]
        assert f"⟦{lang}⟧" in target
        assert re.findall(r"\d+", target) == re.findall(r"\d+", source)
        assert target.count("\n") == source.count("\n")


def _checksum(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def test_two_runs_at_the_same_moment_do_everything_once(machines: Machines):
    content = Content(machines, "at-once")
    for number in range(6):
        content.write(f"{number}.md", 1000 + number)
    runs = content.start_two()
    content.end(runs)
    assert {ti["hostname"] for ti in content.instances(runs) if ti["hostname"]} == set(WORKERS)
    content.require_each_once()
    assert content.sent("/jobs$") == 6

    content.write("2.md", 2002)
    content.write("new.md", 3000)
    content.end(content.start_two())
    content.require_each_once()
    assert content.sent("/jobs$") == 7
    assert content.sent("/jobs/source$") == 1


def test_a_worker_killed_while_two_runs_are_at_work(machines: Machines):
    content = Content(machines, "killed")
    for number in range(12):
        content.write(f"{number}.md", 4000 + number)
    machines.phrase.fault(method="POST", path="/jobs$", delay=3, times=None)
    runs = content.start_two()
    wait_until(lambda: content.sent("/jobs$") >= 1, 240, "the first upload was answered")
    syncs = [ti for ti in content.instances(runs) if (ti["task_id"], ti["state"]) == ("sync", "running")]
    [killed] = {ti["hostname"] for ti in syncs}
    with machines.away(killed):
        machines.phrase.clear_faults()
        content.end(runs)
    assert max(ti["try_number"] for ti in content.instances(runs) if ti["task_id"] == "sync") > 1
    content.require_each_once()
