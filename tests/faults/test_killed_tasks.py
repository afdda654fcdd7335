"""Tasks are killed with SIGKILL at each point of their work and tried again; nothing is done twice."""

from __future__ import annotations

import contextlib
import json
import random

import pytest
from task_process import TaskRun

from phrase_provider.api.tms.job_parts import level_of
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.languages import PhraseTmsAddLanguagesOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.services.tms.job_list import JobList
from phrase_provider.services.tms.languages import language_additions


class CreateProject:
    request = {"method": "POST", "path": "applyTemplate"}

    def __init__(self, phrase, folder) -> None:
        self.phrase = phrase

    def __call__(self):
        return PhraseTmsCreateProjectFromTemplateOperator(
            task_id="task", template="Translation", batch_id="web-42"
        )

    def require_one(self, result):
        (project,) = self.phrase.client.projects.list()
        assert result["project_uid"] == project["uid"]


class CreateJobs:
    request = {"method": "POST", "path": "/jobs$"}

    def __init__(self, phrase, folder) -> None:
        self.phrase = phrase
        self.project_uid = phrase.project("de", "pt_br", steps=2)
        self.source = folder / "guide.md"
        self.source.write_text("# Guide\n\nHello.\n")

    def __call__(self):
        return PhraseTmsCreateJobsOperator(
            task_id="task", project_uid=self.project_uid, source=str(self.source)
        )

    def require_one(self, result):
        parts = list(self.phrase.client.jobs.list(self.project_uid))
        assert sorted(part["targetLang"] for part in parts) == ["de", "de", "pt_br", "pt_br"]
        highest = {part["uid"] for part in self.phrase.client.jobs.list_highest(self.project_uid)}
        assert {row["job_uid"] for row in result} == highest


class AddLanguages:
    request = {"method": "POST", "path": "/jobs/clone$"}

    def __init__(self, phrase, folder) -> None:
        self.phrase = phrase
        self.project_uid = phrase.project("de", steps=2)
        for name in ("a.md", "b.md"):
            phrase.upload(self.project_uid, name)
        phrase.import_files()
        self.job_list = str(folder / "jobs.jsonl")

    def __call__(self):
        return PhraseTmsAddLanguagesOperator(
            task_id="task",
            project_uid=self.project_uid,
            target_langs=["sv", "pt-BR"],
            job_list=self.job_list,
        )

    def require_one(self, result):
        parts = list(self.phrase.client.jobs.list(self.project_uid))
        pairs = sorted((part["filename"], part["targetLang"], level_of(part)) for part in parts)
        langs = ("de", "pt_br", "sv")
        assert pairs == [
            (name, lang, level) for name in ("a.md", "b.md") for lang in langs for level in (1, 2)
        ]
        highest = {part["uid"] for part in self.phrase.client.jobs.list_highest(self.project_uid)}
        assert {row["job_uid"] for row in JobList(self.job_list).read()} < highest
        assert self.phrase.client.projects.get(self.project_uid)["targetLangs"] == ["de", "sv", "pt_br"]
        assert result["cloned"] + result["present"] == 4


class Deliver:
    request = {"method": "POST", "path": "/setStatus$"}
    #: Number of the fault whose requests send no mail.
    no_effect = 0

    def __init__(self, phrase, folder) -> None:
        self.phrase = phrase
        self.project_uid, (self.job_uid,) = phrase.jobs()
        phrase.simulator.job(self.job_uid, "complete")

    def __call__(self):
        return PhraseTmsSetJobStatusOperator(
            task_id="task", project_uid=self.project_uid, job_uids=self.job_uid, notify_owner=True
        )

    def require_one(self, result):
        assert self.phrase.status(self.project_uid, self.job_uid) == result["status"] == "DELIVERED"
        effective = [sent for sent in self.phrase.sent(**self.request) if sent["fault"] != self.no_effect]
        assert [json.loads(sent["body"])["notifyOwner"] for sent in effective] == [True]
        assert [mail["job"] for mail in self.phrase.simulator.mails()] == [self.job_uid]


class AssignProviders:
    request = {"method": "POST", "path": "/forJobParts$"}

    def __init__(self, phrase, folder) -> None:
        self.phrase = phrase
        self.project_uid = phrase.project("de", "pt_br", steps=2)
        phrase.upload(self.project_uid, langs=["de", "pt_br"])
        phrase.import_files()

    def __call__(self):
        return PhraseTmsAssignProvidersOperator(task_id="task", project_uid=self.project_uid)

    def require_one(self, result):
        parts = list(self.phrase.client.jobs.list(self.project_uid))
        assert [len(part["providers"]) for part in parts] == [1] * 4
        assert sorted(mail["job"] for mail in self.phrase.simulator.mails()) == sorted(
            part["uid"] for part in parts
        )
        assert result["assigned"] + result["already_assigned"] == 4


tasks = pytest.mark.parametrize("task", [CreateProject, CreateJobs, AddLanguages, AssignProviders, Deliver])


@pytest.fixture(autouse=True)
def quick(phrase, connect):
    """What is pending is looked for as long as a request may last: two seconds here."""
    connect(timeout=2)


def prove(task, run):
    result, again = run.run(), run.run()
    task.require_one(result)
    if not run.stored and "at" in result:
        # When it was delivered, nobody has noted.
        again["at"] = result["at"]
    if "cloned" in result:
        # The second try finds what the first has cloned.
        again |= {name: result[name] for name in ("cloned", "present")}
    if "assigned" in result:
        again |= {name: result[name] for name in ("assigned", "already_assigned")}
    assert again == result


@tasks
@pytest.mark.parametrize("hold", ["after pending", "before done", "after done"])
def test_killed_between_requests(phrase, tmp_path, task, hold):
    task = task(phrase, tmp_path)
    run = TaskRun(tmp_path / "state", task)
    run.kill_when(hold=hold)
    prove(task, run)
    assert len(phrase.sent(**task.request)) == 1


@tasks
@pytest.mark.parametrize("stored", [True, False], ids=["store", "no-store"])
@pytest.mark.parametrize(("fault", "requests"), [("hang", 2), ("hang_after", 1)])
def test_killed_while_it_waits_for_the_answer(phrase, tmp_path, task, fault, requests, stored):
    task = task(phrase, tmp_path)
    run = TaskRun(tmp_path / "state", task, stored=stored)
    rule = phrase.simulator.fault(**task.request, **{fault: True})
    task.no_effect = rule if fault == "hang" else 0
    run.kill_when(lambda: phrase.sent(**task.request))
    prove(task, run)
    assert len(phrase.sent(**task.request)) == requests


def test_killed_again_and_again(phrase, tmp_path):
    task = CreateJobs(phrase, tmp_path)
    run = TaskRun(tmp_path / "state", task)
    run.kill_when(hold="after pending")
    run.kill_when(hold="after pending")
    run.kill_when(hold="before done")
    run.kill_when(hold="before done")
    prove(task, run)
    assert len(phrase.sent(**task.request)) == 1


@pytest.mark.parametrize("fault", ["hang", "hang_after"])
def test_killed_between_two_calls_that_clone(phrase, tmp_path, monkeypatch, fault):
    monkeypatch.setattr(language_additions, "MAX_JOBS", 1)
    task = AddLanguages(phrase, tmp_path)
    run = TaskRun(tmp_path / "state", task)
    phrase.simulator.fault(**task.request, after=1, **{fault: True})
    run.kill_when(lambda: len(phrase.sent(**task.request)) == 2)
    prove(task, run)
    assert len(phrase.sent(**task.request)) == (3 if fault == "hang" else 2)


def test_killed_at_random_moments_no_language_is_cloned_twice(phrase, tmp_path, monkeypatch):
    monkeypatch.setattr(language_additions, "MAX_JOBS", 1)
    task = AddLanguages(phrase, tmp_path)
    run = TaskRun(tmp_path / "state", task)
    phrase.simulator.fault(method="GET", path="/jobs$", times=None, delay=0.05)
    chance = random.Random(11)
    for _ in range(6):
        requests = len(phrase.sent()) + chance.randrange(1, 8)
        with contextlib.suppress(AssertionError):
            # It may have come to its end before.
            run.kill_when(lambda requests=requests: len(phrase.sent()) >= requests)
    phrase.simulator.clear_faults()
    prove(task, run)
