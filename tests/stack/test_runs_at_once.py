"""Two runs of the continuous DAG at the same moment, on several machines over one bucket."""

from __future__ import annotations

import re
from hashlib import sha256

import bucket
import pytest
from deployments import WORKERS
from phrase_records import PhraseRecords
from several_machines import LANGUAGES, Machines

DAG_ID = "phrase_tms_continuous"
FOLDER = "at-once"
MANIFEST = f"{FOLDER}/out/phrase-manifest.jsonl"

pytestmark = pytest.mark.celery


class Content:
    """Source files that runs keep translated."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._sources: dict[str, str] = {}
        machines.phrase.reset()
        machines.api.unpause(DAG_ID)

    def write(self, name: str, number: int) -> None:
        """Write a file that no other looks like."""
        self._sources[name] = f"# Order {number}\n\nYour order has the number {number}.\n"
        self._machines.bucket.put(f"{FOLDER}/in/{name}", self._sources[name])

    def run_twice(self) -> set[str]:
        """Start two runs and wait for their good ends; gives the machines that worked on them."""
        conf = {
            "source": f"{bucket.URL}/{FOLDER}/in/**/*",
            "target_langs": list(LANGUAGES),
            "template": "Translation",
            "batch_id": FOLDER,
            "target_folder": f"{bucket.URL}/{FOLDER}/out",
        }
        api = self._machines.api
        runs = [api.start(DAG_ID, conf) for _ in range(2)]
        assert [api.end_of(DAG_ID, run, 600) for run in runs] == ["success", "success"]
        return {ti["hostname"] for run in runs for ti in api.instances(DAG_ID, run) if ti["hostname"]}

    def sent(self, path: str) -> int:
        """Count the requests with an effect that were sent to an endpoint."""
        requests = self._machines.phrase.requests("POST", path)
        return len([request for request in requests if request["status"] < 300])

    def require_each_once(self) -> None:
        """Check that Phrase has one job for each file and language; manifest and bucket agree with it."""
        jobs = {(job["filename"], job["targetLang"]): (job["uid"], job["status"]) for job in self._jobs()}
        expected = {(name, lang) for name in self._sources for lang in LANGUAGES}
        assert len(self._jobs()) == len(jobs)
        assert set(jobs) == expected
        assert {status for _, status in jobs.values()} == {"DELIVERED"}
        lines = self._machines.bucket.manifest(MANIFEST)
        assert {key: (line["job_uid"], line["status"]) for key, line in lines.items()} == jobs
        for (name, lang), line in lines.items():
            self._require_target(name, lang)
            assert line["sha256"] == line["target_source_sha256"] == _checksum(self._sources[name])
            assert line["target_sha256"] == _checksum(self._target(name, lang))

    def _jobs(self) -> list[dict[str, str]]:
        return PhraseRecords(self._machines.phrase).all_jobs()

    def _target(self, name: str, lang: str) -> str:
        return self._machines.bucket.get(f"{FOLDER}/out/{lang}/{name}")

    def _require_target(self, name: str, lang: str) -> None:
        target, source = self._target(name, lang), self._sources[name]
        assert f"⟦{lang}⟧" in target
        assert re.findall(r"\d+", target) == re.findall(r"\d+", source)
        assert target.count("\n") == source.count("\n")


def _checksum(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def test_two_runs_at_the_same_moment_do_everything_once(machines: Machines):
    content = Content(machines)
    for number in range(6):
        content.write(f"{number}.md", 1000 + number)
    hosts = content.run_twice()
    assert hosts == set(WORKERS)
    content.require_each_once()
    assert content.sent("/jobs$") == 6

    content.write("2.md", 2002)
    content.write("new.md", 3000)
    content.run_twice()
    content.require_each_once()
    assert content.sent("/jobs$") == 7
    assert content.sent("/jobs/source$") == 1
