"""Two nights of content that never ends, while tasks, triggerer and scheduler are killed."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from airflow_stack import AirflowStack, TaskProcesses, airflow_stack
from phrase_records import PhraseRecords

from phrase_provider.manifest.manifest import Manifest

DAG_ID = "phrase_tms_continuous"
CONNECTION = "continuous"
FILES, CHANGED = 50, 10
LANGUAGES = ("de", "fr", "ja", "cs")
ADDED = "it"
#: Tasks that are killed, at random moments, and how often in all.
MORTAL = ("changes", "create_project", "sync", "assign", "translate")
KILLS = 10

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path) -> Iterator[AirflowStack]:
    with airflow_stack(tmp_path_factory.mktemp("nights"), postgres_programs, [CONNECTION]) as started:
        yield started


class Site:
    """
    Sources that runs keep translated, with a number each, which its translations have too.

    :param stack: running.
    """

    def __init__(self, stack: AirflowStack) -> None:
        self._stack = stack
        self.folder = stack.folder / "site"
        self.manifest = Manifest(str(self.folder / "phrase-manifest.jsonl"))
        self._numbers: dict[str, int] = {}

    def write(self, count: int, first_number: int) -> None:
        """Write the first so many sources."""
        for index in range(count):
            name = f"{index % 5}/{index:02}.md"
            path, number = self.folder / "in" / name, first_number + index
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# Order {number}\n\nYour order has the number {number}.\n")
            self._numbers[name] = number

    def start(self, night: int, languages: tuple[str, ...]) -> tuple[str, Path]:
        """Start a run; gives its id, and the folder in which its tasks tell of themselves."""
        told = self._stack.folder / f"told-{night}"
        told.mkdir()
        conf = {
            "folder": str(told),
            "phrase_conn_id": CONNECTION,
            "source": f"{self.folder}/in/**/*.md",
            "target_langs": list(languages),
            "template": "Translation",
            "batch_id": "nights",
            "rotation": "never",
            "target_folder": f"{self.folder}/out",
            "manifest": self.manifest.location,
        }
        return self._stack.api.start(DAG_ID, conf), told

    def require_all_once(self, languages: tuple[str, ...]) -> None:
        """Check that Phrase, targets and manifest have each source in each language, as it is now, once."""
        jobs = {
            (f"{job['originalFileDirectory']}/{job['filename']}".lstrip("/"), job["targetLang"]): job
            for job in self._jobs()
        }
        assert len(self._jobs()) == len(jobs) == len(self._numbers) * len(languages)
        assert {job["status"] for job in jobs.values()} == {"DELIVERED"}
        lines = {tuple(key): line for key, line in self.manifest.read().items()}
        assert lines.keys() == jobs.keys()
        for key, line in lines.items():
            source, target = self.folder / "in" / key[0], self.folder / "out" / key[1] / key[0]
            assert line["job_uid"] == jobs[key]["uid"]
            assert line["status"] == "DELIVERED"
            assert line["sha256"] == line["target_source_sha256"] == sha256(source.read_bytes()).hexdigest()
            assert line["target_sha256"] == sha256(target.read_bytes()).hexdigest()
            assert re.findall(r"\d+", target.read_text()) == [str(self._numbers[key[0]])] * 2
        files = [path for path in (self.folder / "out").rglob("*") if path.is_file()]
        assert len(files) == len(lines)

    def _jobs(self) -> list[dict[str, str]]:
        return PhraseRecords(self._stack.phrases[CONNECTION]).all_jobs()


def kill_at_random(told: Path, chosen: random.Random, over: threading.Event) -> list[str]:
    """
    Kill whatever task is running, again and again, now and then with its supervisor.

    :param told: folder in which the tasks of the run tell of themselves.
    :param over: when the run has ended.
    :return: the names of the tasks that were killed.
    """
    killed: list[str] = []
    processes = TaskProcesses(told)
    while len(killed) < KILLS and not over.wait(chosen.uniform(0.3, 2)):
        for name in MORTAL:
            process = processes.all_of(name).get(f"{name}.-1")
            if process and process.is_running:
                process.kill(with_supervisor=chosen.random() < 0.3)
                killed.append(name)
                break
    return killed


def killed_night(stack: AirflowStack, site: Site, night: int, languages: tuple[str, ...]) -> list[str]:
    """Let a run come to its good end while its tasks are killed; gives the names of these."""
    run_id, told = site.start(night, languages)
    killed: list[str] = []
    over = threading.Event()
    killer = threading.Thread(target=lambda: killed.extend(kill_at_random(told, random.Random(night), over)))
    killer.start()
    try:
        assert stack.api.end_of(DAG_ID, run_id, 900) == "success"
    finally:
        over.set()
        killer.join()
    return killed


def restart(stack: AirflowStack, name: str, away: float) -> threading.Thread:
    """Kill a component, and start it again after so many seconds, beside what goes on."""

    def work() -> None:
        time.sleep(20)
        stack.kill(name)
        time.sleep(away)
        stack.start(name)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_two_nights_with_kills_lose_nothing_and_do_nothing_twice(stack):
    phrase, site = stack.phrases[CONNECTION], Site(stack)
    stack.api.unpause(DAG_ID)
    site.write(FILES, 100)
    away = restart(stack, "triggerer", 5)
    killed = killed_night(stack, site, 1, LANGUAGES)
    away.join()
    site.require_all_once(LANGUAGES)
    uploads = [each for each in phrase.requests("POST", "/projects/[^/]+/jobs$") if each["status"] == 201]
    assert len(uploads) == FILES

    site.write(CHANGED, 500)
    away = restart(stack, "scheduler", 30)
    killed += killed_night(stack, site, 2, (*LANGUAGES, ADDED))
    away.join()
    site.require_all_once((*LANGUAGES, ADDED))
    assert len(phrase.requests("POST", "/projects/[^/]+/jobs$")) == len(uploads)
    assert len(killed) >= KILLS
    assert {"sync", "translate"} <= set(killed)
