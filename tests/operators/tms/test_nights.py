"""Night after night over the same content: plan, synchronize and take home, through the manifest alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from task_runs import POKE, context
from task_runs import run as run_task

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseNotDeliveredError
from phrase_provider.files import stamps
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.manifest.report import make_report
from phrase_provider.operators.tms.changes import PhraseTmsPlanChangesOperator
from phrase_provider.operators.tms.sync_sources import PhraseTmsSyncSourcesOperator
from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator

UPLOAD = {"method": "POST", "path": "/jobs$"}
UPDATE = {"method": "POST", "path": "/jobs/source$"}
EXPORT = {"method": "PUT", "path": "/targetFile$"}


class Nights:
    """A site that is translated night by night; every job is completed each day."""

    def __init__(self, phrase: Any, folder: Path) -> None:
        self.phrase = phrase
        self.folder = folder
        self.project_uid = phrase.project("de", "fr", steps=2)
        self.manifest = Manifest(f"{folder}/out/phrase-manifest.jsonl")
        phrase.simulator.settings(export_seconds=(0, 0), import_seconds=(0, 0))

    def write(self, name: str, text: str) -> None:
        path = self.folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def plan(self, told: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
        given: dict[str, Any] = {
            "source": f"{self.folder}/in/**/*.md",
            "target_langs": ["de", "fr"],
            "target_folder": f"{self.folder}/out",
            "batch_id": "site",
        }
        self.phrase.forget()
        task = PhraseTmsPlanChangesOperator(task_id="changes", **given | arguments)
        return task.execute(told or context())  # type: ignore[arg-type, return-value]

    def run(self, complete: bool = True, **arguments: Any) -> dict[str, Any]:
        """Plan; where there is something to do, synchronize and take home. Gives what was planned."""
        told = context()
        planned = self.plan(told, **arguments)
        if planned["todo"]:
            self.sync(told, planned, on_delete=arguments.get("on_delete", "report"))
            self.phrase.import_files()
            if complete:
                self.complete()
            self.take_home(told, planned)
        return planned

    def sync(self, told: dict[str, Any], planned: dict[str, Any], **arguments: Any) -> None:
        paths = {name: planned[name] for name in ("changes", "jobs", "manifest")}
        PhraseTmsSyncSourcesOperator(
            task_id="sync", project_uid=self.project_uid, **paths, **arguments
        ).execute(told)  # type: ignore[arg-type]

    def take_home(self, told: dict[str, Any], planned: dict[str, Any]) -> None:
        run_task(
            PhraseTmsTranslateOperator,
            POKE,
            told,
            jobs=planned["jobs"],
            manifest=planned["manifest"],
            poll_interval=0.05,
            export_interval=0.05,
            max_hold=0.1,
        )

    def complete(self) -> None:
        """Have people complete all steps of what is open."""
        for level in (1, 2):
            for part in list(self.phrase.client.jobs.list(self.project_uid, levels=[level])):
                if part["imported"] and part["status"] not in ("COMPLETED", "DELIVERED", "CANCELLED"):
                    self.phrase.client.jobs.set_status(self.project_uid, part["uid"], JobStatus.COMPLETED)

    def part(self, name: str, lang: str, level: int = 2) -> str:
        listed = self.phrase.client.jobs.list(
            self.project_uid, levels=[level], filename=name, target_lang=lang
        )
        return [part["uid"] for part in listed][-1]

    def states(self) -> dict[str, int]:
        counts = make_report("", self.manifest.read())["translations"]
        return {state: count for state, count in counts.items() if count}

    def written(self) -> set[str]:
        return {str(path.relative_to(self.folder / "out")) for path in (self.folder / "out").glob("*/*.md")}


@pytest.fixture
def nights(phrase, tmp_path, monkeypatch):
    # Files of a test are as fresh as they can be.
    monkeypatch.setattr(stamps, "SETTLING", -60)
    nights = Nights(phrase, tmp_path)
    nights.write("a.md", "Text of a\n")
    nights.write("b.md", "Text of b\n")
    nights.run()
    assert nights.written() == {"de/a.md", "de/b.md", "fr/a.md", "fr/b.md"}
    return nights


def test_night_without_a_change_costs_two_requests(phrase, nights):
    planned = nights.run()
    assert (planned["todo"], nights.states()) == (False, {"up to date": 4})
    assert [request["method"] for request in phrase.sent()] == ["GET", "GET"]


def test_changed_file_is_updated_taken_home_and_then_left_alone(phrase, nights):
    nights.write("a.md", "Other text of a\n")
    planned = nights.run()
    assert (planned["changed"], planned["new"]) == (1, 0)
    assert (len(phrase.sent(**UPLOAD)), len(phrase.sent(**UPDATE)), len(phrase.sent(**EXPORT))) == (0, 1, 2)
    assert nights.run()["todo"] is False
    assert nights.states() == {"up to date": 4}


def test_added_language_is_cloned_taken_home_and_then_left_alone(phrase, nights):
    planned = nights.run(target_langs=["de", "fr", "ja"])
    assert planned["languages"] == 2
    assert (len(phrase.sent(**UPLOAD)), len(phrase.sent(**EXPORT))) == (0, 2)
    assert nights.written() >= {"ja/a.md", "ja/b.md"}
    assert nights.run(target_langs=["de", "fr", "ja"])["todo"] is False


def test_what_people_complete_again_is_taken_home_again_once(phrase, nights):
    uid = nights.part("a.md", "de")
    phrase.change_job(nights.project_uid, uid, status="ACCEPTED")
    assert nights.run()["todo"] is False
    phrase.change_job(nights.project_uid, uid, status="COMPLETED")
    planned = nights.run()
    assert (planned["ready"], planned["open"]) == (1, 1)
    assert len(phrase.sent(**EXPORT)) == 1
    assert phrase.status(nights.project_uid, uid) == "DELIVERED"
    assert nights.run()["todo"] is False


def test_work_that_is_open_is_taken_over_by_the_next_night(phrase, nights):
    nights.write("c.md", "Text of c\n")
    told = context()
    planned = nights.plan(told)
    nights.sync(told, planned)
    phrase.import_files()
    later = nights.run()
    assert (planned["new"], later["new"], later["open"]) == (1, 0, 2)
    assert len(phrase.sent(**UPLOAD)) == 0
    phrase.forget()
    nights.take_home(told, planned)
    assert phrase.sent(**EXPORT) == []
    assert nights.states() == {"up to date": 6}


def test_cancelled_language_is_not_tried_night_by_night(phrase, nights):
    nights.write("a.md", "Other text of a\n")
    for level in (1, 2):
        phrase.change_job(nights.project_uid, nights.part("a.md", "fr", level), status="CANCELLED")
    nights.run()
    assert nights.run()["todo"] is False
    assert nights.states() == {"up to date": 3, "failed": 1}


@pytest.mark.parametrize("on_delete", ["report", "cancel", "remove"])
def test_source_that_is_deleted_and_comes_back_is_translated_again(phrase, nights, on_delete):
    (nights.folder / "in/b.md").unlink()
    assert nights.run(on_delete=on_delete)["deleted"] == 1
    assert nights.states() == {"up to date": 2, "deleted": 2}
    assert ("de/b.md" in nights.written()) is (on_delete != "remove")
    assert nights.run(on_delete=on_delete)["todo"] is False
    nights.write("b.md", "Text of b\n")
    nights.run(on_delete=on_delete)
    assert len(phrase.sent(**UPLOAD)) == 0
    assert nights.states() == {"up to date": 4}
    assert "de/b.md" in nights.written()
    assert nights.run(on_delete=on_delete)["todo"] is False


@pytest.mark.parametrize("text", ["Text of c\n", "Other text of c\n"])
def test_source_that_comes_back_after_its_jobs_were_cancelled_gets_new_ones(phrase, nights, text):
    nights.write("c.md", "Text of c\n")
    told = context()
    nights.sync(told, nights.plan(told))
    phrase.import_files()
    (nights.folder / "in/c.md").unlink()
    nights.run(on_delete="cancel", complete=False)
    assert phrase.status(nights.project_uid, nights.part("c.md", "de")) == "CANCELLED"
    nights.write("c.md", text)
    nights.run(on_delete="cancel")
    assert len(phrase.sent(**UPLOAD)) == 1
    assert nights.states() == {"up to date": 6}
    assert nights.run(on_delete="cancel")["todo"] is False


def test_failed_import_is_tried_again_on_request(phrase, nights):
    nights.write("c.md", "Text of c\n")
    told = context()
    planned = nights.plan(told)
    phrase.simulator.settings(import_seconds=(9, 9))
    nights.sync(told, planned)
    for lang in ("de", "fr"):
        phrase.simulator.job(nights.part("c.md", lang), "fail-import")
    phrase.import_files()
    with pytest.raises(PhraseNotDeliveredError):
        nights.take_home(told, planned)
    assert nights.run()["todo"] is False
    assert nights.states() == {"up to date": 4, "failed": 2}
    assert nights.run(retry_failed=True)["new"] == 1
    assert nights.states() == {"up to date": 6}
    assert nights.run()["todo"] is False
