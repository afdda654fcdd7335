"""Jobs are assigned once, in all their steps, as soon as they are imported; what is skipped has a reason."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from airflow.providers.common.compat.sdk import TaskDeferred
from task_runs import DEFERRED, POKE, context, event_of, rebuilt, run

from phrase_provider.exceptions import (
    PhraseInputError,
    PhraseNotFoundError,
    PhraseOutcomeUnknownError,
    PhraseTimeoutError,
)
from phrase_provider.operators.tms import providers
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.services.tms.job_list import JobList

ASSIGN = {"method": "POST", "path": "/forJobParts$"}
LIST = {"method": "GET", "path": r"/v2/projects/\w+/jobs$"}
TARA, RITA = "Tara Translator", "Rita Reviser"
both_modes = pytest.mark.parametrize("mode", [POKE, DEFERRED])


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """A task that can defer does so soon."""
    monkeypatch.setattr(providers, "SHORT_WAIT", 0.2)


@pytest.fixture
def project(phrase):
    return phrase.project("de", "pt_br", steps=2)


def assign(mode=POKE, told=None, **arguments):
    return run(PhraseTmsAssignProvidersOperator, mode, told, poll_interval=0.05, **arguments)


def people(phrase, project_uid):
    """Give who has the job parts, by language and step."""
    names = {user["id"]: f"{user['firstName']} {user['lastName']}" for user in phrase.client.users.list()}
    names |= {vendor["id"]: vendor["name"] for vendor in phrase.client.vendors.list()}
    return {
        (part["filename"], part["targetLang"], part["workflowStep"]["workflowLevel"]): [
            names[provider["id"]] for provider in part["providers"]
        ]
        for part in phrase.client.jobs.list(project_uid)
    }


def steps(*languages, name="a.md"):
    return {(name, lang, level): [who] for lang in languages for level, who in ((1, TARA), (2, RITA))}


def mailed(phrase):
    return Counter((mail["to"], mail["job"]) for mail in phrase.simulator.mails())


def named(request):
    return [job["uid"] for job in json.loads(request["body"])["jobs"]]


def highest(phrase, project_uid):
    return [part["uid"] for part in phrase.client.jobs.list_highest(project_uid)]


@both_modes
def test_template_of_the_project_gives_all_steps_their_providers(phrase, project, mode):
    phrase.upload(project, langs=["de", "pt_br"])
    phrase.import_files()
    told = context()
    result = assign(mode, told, project_uid=project, job_uids=highest(phrase, project))
    assert people(phrase, project) == steps("de", "pt_br")
    assert result == {"projects": 1, "assigned": 4, "already_assigned": 0, "skipped": {}}
    assert len(phrase.sent(**ASSIGN)) == 1
    assert told["ti"].xcoms["phrase_project_url"].endswith(project)


def test_somebody_works_only_after_it(phrase, project):
    phrase.simulator.settings(work_moves=True)
    (_, uid) = phrase.upload(project)
    phrase.simulator.advance(2000)
    assert phrase.status(project, uid) == "NEW"
    assign(project_uid=project)
    phrase.simulator.advance(2000)
    assert phrase.status(project, uid) == "COMPLETED"


def test_second_run_leaves_assigned_jobs_alone(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    assign(project_uid=project)
    before = mailed(phrase)
    result = assign(project_uid=project)
    assert result == {"projects": 1, "assigned": 0, "already_assigned": 2, "skipped": {}}
    assert len(phrase.sent(**ASSIGN)) == 1
    assert mailed(phrase) == before
    assert set(before.values()) == {1}


def test_job_list_at_a_path_with_jobs_of_several_projects(phrase, project, tmp_path):
    other = phrase.project("de")
    rows = []
    for project_uid, name in ((project, "docs/a.md"), (project, "b.md"), (other, "c.md")):
        phrase.upload(project_uid, name.rpartition("/")[2])
        uid = highest(phrase, project_uid)[-1]
        rows.append({"project_uid": project_uid, "job_uid": uid, "relative_path": name})
    phrase.upload(project, "not-listed.md")
    phrase.import_files()
    JobList(f"{tmp_path}/jobs.jsonl").write([*rows, {"project_uid": other, "job_uid": None}])
    result = assign(job_uids=f"{tmp_path}/jobs.jsonl")
    assert (result["projects"], result["assigned"]) == (2, 5)
    given = people(phrase, project)
    assert {name for (name, _, _), who in given.items() if who} == {"a.md", "b.md"}
    assert people(phrase, other) == {("c.md", "de", 1): [TARA]}


def test_nothing_to_assign_sends_nothing(phrase):
    assert assign(job_uids=[]) == {"projects": 0, "assigned": 0, "already_assigned": 0, "skipped": {}}
    assert phrase.sent() == []


@both_modes
def test_late_import_holds_no_other_back(phrase, project, mode, once):
    phrase.upload(project, "early.md")
    phrase.import_files()
    phrase.upload(project, "late.md")
    looks = {"method": "GET", "path": LIST["path"]}

    def first_are_assigned_and_it_waits():
        waits = [sent for sent in phrase.sent(**looks) if "notReady" in dict(sent["query"])]
        return phrase.sent(**ASSIGN) and waits

    once(first_are_assigned_and_it_waits, phrase.import_files)
    result = assign(mode, project_uid=project, job_uids=highest(phrase, project))
    assert result == {"projects": 1, "assigned": 4, "already_assigned": 0, "skipped": {}}
    assert people(phrase, project) == steps("de", name="early.md") | steps("de", name="late.md")
    assert [len(named(sent)) for sent in phrase.sent(**ASSIGN)] == [2, 2]
    assert set(mailed(phrase).values()) == {1}


def test_it_defers_with_little_and_never_for_a_moment(phrase, project, monkeypatch):
    monkeypatch.setattr(providers, "SHORT_WAIT", 1.0)
    for number in range(3):
        phrase.upload(project, f"{number}.md", ["de", "pt_br"])
    task = PhraseTmsAssignProvidersOperator(task_id="task", project_uid=project, deferrable=True)
    with pytest.raises(TaskDeferred) as deferred:
        task.execute(context())
    trigger = deferred.value.trigger
    ((project_uid, uids),) = trigger.job_uids.items()
    assert (project_uid, len(uids)) == (project, 3)
    assert len(json.dumps(trigger.serialize())) < 1000
    phrase.import_files()
    event = event_of(rebuilt(trigger))
    assert event["note"] == {"assigned": 0}
    assert event["result"] == {"ended": 3}
    import time

    assert time.time() >= trigger.earliest


@both_modes
def test_import_that_does_not_end_in_time_is_named_and_the_others_are_assigned(phrase, project, mode):
    phrase.upload(project, "early.md")
    phrase.import_files()
    phrase.upload(project, "late.md")
    with pytest.raises(PhraseTimeoutError, match="imports: 1 of 1 are running"):
        assign(mode, project_uid=project, timeout=0.5)
    assert people(phrase, project)["early.md", "de", 1] == [TARA]


def test_skipped_parts_are_named_with_their_reasons(phrase, project, capsys):
    for name in ("failed.md", "cancelled.md", "mine.md", "deleted.md"):
        phrase.upload(project, name)
    phrase.import_files()
    listed = list(phrase.client.jobs.list(project))
    by_name = {(part["filename"], part["workflowStep"]["workflowLevel"]): part["uid"] for part in listed}
    phrase.simulator.job(by_name["failed.md", 1], "fail-import")
    phrase.simulator.job(by_name["cancelled.md", 1], "cancel")
    phrase.change_job(project, by_name["mine.md", 1], providers=[{"type": "USER", "id": "20"}])
    phrase.delete_job(project, by_name["deleted.md", 1])
    phrase.delete_job(project, by_name["deleted.md", 2])
    result = assign(project_uid=project, job_uids=[uid for (_, level), uid in by_name.items() if level == 2])
    assert result["skipped"] == {
        "completed, delivered or cancelled": 1,
        "import failed": 2,
        "deleted": 1,
    }
    assert (result["assigned"], result["already_assigned"]) == (2, 1)
    assert people(phrase, project)["mine.md", "de", 1] == ["Sim Ulator"]
    log = capsys.readouterr().out
    assert re.search(
        r"\(import failed\): failed.md \(de\), step \d \w+, job \w+; failed.md \(de\), step", log
    )
    assert f"(deleted): job {by_name['deleted.md', 2]}" in log
    assert "cancelled.md" not in log


def test_language_that_the_template_gives_nobody_is_named(phrase, capsys):
    project_uid = phrase.project("cy", steps=2)
    phrase.upload(project_uid, langs=["cy"])
    phrase.import_files()
    result = assign(project_uid=project_uid)
    assert result["skipped"] == {"no provider is named for its language and step": 2}
    assert "a.md (cy), step 2 Revision" in capsys.readouterr().out


def test_reason_that_nothing_tells_is_unknown(phrase, project):
    """As where the token's user does not see linguists: Phrase skips, and hides who is assigned."""
    phrase.upload(project)
    phrase.import_files()
    phrase.simulator.fault(**ASSIGN, status=200, body={"jobs": []})
    assert assign(project_uid=project)["skipped"] == {"unknown": 2}


def test_template_with_another_number_of_steps_is_refused_beforehand(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    with pytest.raises(
        PhraseInputError, match=r"'Translation' has 1 workflow steps, and project 'Project' has 2"
    ):
        assign(project_uid=project, template="Translation")
    assert phrase.sent(**ASSIGN) == []


def test_template_of_another_project_can_be_named(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    assign(project_uid=project, template="Translation and Revision")
    assert people(phrase, project) == steps("de")


def test_project_without_template_is_refused_unless_one_is_given(phrase):
    from phrase_provider.api.endpoint import Endpoint
    from phrase_provider.api.session import Call

    body = {"name": "By hand", "sourceLang": "en", "targetLangs": ["de"]}
    created = phrase.client.session.json(Call(Endpoint("POST", "/api2/v3/projects"), body=body))
    phrase.upload(created["uid"])
    phrase.import_files()
    with pytest.raises(PhraseInputError, match="'By hand' was not made from a template"):
        assign(project_uid=created["uid"])
    with pytest.raises(PhraseInputError, match="has 1 workflow steps, and project 'By hand' has 0"):
        assign(project_uid=created["uid"], template="Translation")


def test_lost_answer_is_looked_up_and_nobody_is_mailed_twice(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    phrase.simulator.fault(**ASSIGN, reset_after=True)
    result = assign(project_uid=project)
    assert result["assigned"] == 2
    assert len(phrase.sent(**ASSIGN)) == 1
    assert set(mailed(phrase).values()) == {1}


def test_late_effect_is_waited_for(phrase, project, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT", "30")
    phrase.upload(project)
    phrase.import_files()
    phrase.simulator.fault(**ASSIGN, late=1)
    assert assign(project_uid=project)["assigned"] == 2
    assert len(phrase.sent(**ASSIGN)) == 1
    assert set(mailed(phrase).values()) == {1}


def test_lost_request_is_left_to_the_next_try(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    phrase.simulator.fault(**ASSIGN, reset_before=True)
    with pytest.raises(PhraseOutcomeUnknownError):
        assign(project_uid=project)
    assert len(phrase.sent(**ASSIGN)) == 1
    assert assign(project_uid=project)["assigned"] == 2


def test_refused_token_and_rate_are_looked_up_and_sent_again(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    phrase.simulator.fault(**ASSIGN, expire_token=True)
    assert assign(project_uid=project)["assigned"] == 2
    assert set(mailed(phrase).values()) == {1}


def test_job_that_is_deleted_meanwhile_holds_no_other_back(phrase, project, once):
    uids = phrase.upload(project, "a.md")
    phrase.upload(project, "b.md")
    phrase.import_files()
    # Phrase then refuses the whole call.
    phrase.simulator.fault(**ASSIGN, delay=1)
    once(lambda: phrase.sent(**ASSIGN), phrase.delete_job, project, uids[0])
    result = assign(project_uid=project)
    assert (result["assigned"], result["skipped"]) == (3, {"deleted": 1})
    assert [len(named(sent)) for sent in phrase.sent(**ASSIGN)] == [4, 3]


def test_refusal_of_jobs_that_are_there_is_told(phrase, project):
    phrase.upload(project)
    phrase.import_files()
    body = {"errorCode": "NotFound", "errorDescription": "Template not found"}
    phrase.simulator.fault(**ASSIGN, status=404, body=body)
    with pytest.raises(PhraseNotFoundError):
        assign(project_uid=project)


def test_a_hundred_parts_in_a_call_and_pages_instead_of_single_reads(phrase):
    langs = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
    project_uid = phrase.project(*langs, steps=2)
    rows = []
    for number in range(12):
        phrase.upload(project_uid, f"{number}.md", langs)
    phrase.import_files()
    rows = [
        {"project_uid": project_uid, "job_uid": part["uid"], "relative_path": part["filename"]}
        for part in phrase.client.jobs.list_highest(project_uid)
    ]
    phrase.forget()
    assert assign(job_uids=rows)["assigned"] == 240
    calls = phrase.sent(**ASSIGN)
    assert [len(named(call)) for call in calls] == [100, 100, 40]
    # Two levels of three pages, project and template.
    assert len(phrase.sent()) == len(calls) + 6 + 2
    first = named(calls[0])
    levels = Counter(
        part["workflowStep"]["workflowLevel"]
        for part in phrase.client.jobs.list(project_uid)
        if part["uid"] in first
    )
    assert levels == {1: 50, 2: 50}


def test_few_jobs_of_a_large_project_are_listed_by_name(phrase):
    langs = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
    project_uid = phrase.project(*langs, steps=2)
    for number in range(12):
        phrase.upload(project_uid, f"{number}.md", langs)
    phrase.import_files()
    uids = [
        part["uid"] for part in phrase.client.jobs.list_highest(project_uid) if part["filename"] == "7.md"
    ]
    phrase.forget()
    rows = [{"project_uid": project_uid, "job_uid": uid, "relative_path": "7.md"} for uid in uids]
    assert assign(job_uids=rows)["assigned"] == 20
    # Project, template, one page to see how long the list is, and one of each level.
    assert len(phrase.sent("GET")) == 5
    phrase.forget()
    assert assign(project_uid=project_uid, job_uids=uids[0])["already_assigned"] == 2
    assert len(phrase.sent("GET")) == 6
