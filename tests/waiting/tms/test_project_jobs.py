"""The jobs of a project are read with the cheapest calls, whoever waits for which."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hub_runs import at_hub

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseNotFoundError, PhraseTimeoutError
from phrase_provider.waiting.tms.imports import JobsImported
from phrase_provider.waiting.tms.job_status import JobsReachedStatus

LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
LIST, ONE, PROJECT = r"/projects/\w+/jobs$", r"/jobs/\w+$", r"/projects/\w+$"


@pytest.fixture
def many(phrase):
    """Gives 120 imported jobs of a project without workflow steps: three pages."""
    project_uid = phrase.project(*LANGS)
    uids = [uid for number in range(12) for uid in phrase.upload(project_uid, f"{number}.md", LANGS)]
    phrase.import_files()
    phrase.forget()
    return project_uid, uids


def completed(project_uid, *job_uids):
    return JobsReachedStatus(project_uid, list(job_uids) or None, JobStatus.COMPLETED)


def waited(phrase, conditions, seconds=60):
    return at_hub(phrase.simulator, lambda run: run.wait_all(conditions, seconds))


def waited_until(phrase, seen, conditions):
    assert at_hub(phrase.simulator, lambda run: run.wait_until(seen, conditions))


def pages(phrase):
    """Count the list pages by level and number."""
    return Counter(
        (query["workflowLevel"], query["pageNumber"])
        for query in (dict(request["query"]) for request in phrase.sent("GET", LIST))
    )


def test_many_jobs_share_the_pages_of_their_list(phrase, many):
    project_uid, uids = many
    results = waited(phrase, [completed(project_uid, uid) for uid in uids], seconds=0.6)
    assert {type(result) for result in results} == {PhraseTimeoutError}
    asked = pages(phrase)
    assert asked.keys() == {("1", "0"), ("1", "1"), ("1", "2")}
    assert max(asked.values()) - min(asked.values()) <= 1
    assert len(phrase.sent()) == asked.total() + 1  # and the token


def test_few_jobs_are_read_alone(phrase, many):
    project_uid, uids = many
    waited(phrase, [completed(project_uid, uid) for uid in uids[:2]], seconds=0.4)
    assert {request["path"].rpartition("/")[2] for request in phrase.sent("GET")} == set(uids[:2])


def test_a_few_of_very_many_jobs_are_read_alone_after_one_page(phrase, many, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.tms.pages.PAGE_SIZE", 10)
    project_uid, uids = many
    waits = [completed(project_uid, uid) for uid in uids[-5:]]
    waited_until(phrase, lambda: len(phrase.sent("GET", ONE)) >= 10, waits)
    assert pages(phrase).total() == 1
    assert len(phrase.sent("GET", ONE)) >= 10


def test_pages_are_read_only_as_far_as_needed(phrase, many):
    project_uid, _ = many
    first = {part["uid"] for part in phrase.client.jobs.get_page(project_uid, 1, 0).items}
    phrase.forget()
    waited(phrase, [completed(project_uid, uid) for uid in first], seconds=0.4)
    assert pages(phrase).keys() == {("1", "0")}
    assert phrase.sent("GET", ONE) == []


def test_all_jobs_of_the_highest_level(phrase):
    project_uid = phrase.project("de", "fr", steps=2)
    uids = phrase.upload(project_uid, "a.md", ("de", "fr"))
    phrase.import_files()
    levels = {uid: phrase.client.jobs.get(project_uid, uid)["workflowLevel"] for uid in uids}
    for uid, level in levels.items():
        if level == 2:
            phrase.simulator.job(uid, "complete")
    phrase.forget()
    (result,) = waited(phrase, [completed(project_uid)])
    assert result["counts"] == {"COMPLETED": 2}
    assert pages(phrase).keys() == {("2", "0")}


def test_jobs_of_a_higher_level_are_found_once_and_then_known(phrase):
    project_uid = phrase.project(*LANGS, steps=2)
    uids = phrase.upload(project_uid, "a.md", LANGS)
    phrase.import_files()
    top = [uid for uid in uids if phrase.client.jobs.get(project_uid, uid)["workflowLevel"] == 2]
    phrase.forget()
    waited_until(phrase, lambda: pages(phrase)["2", "0"] >= 3, [completed(project_uid, uid) for uid in top])
    assert pages(phrase)["1", "0"] == 1
    assert pages(phrase)["2", "0"] >= 3
    assert len(phrase.sent("GET", PROJECT)) == 1
    assert phrase.sent("GET", ONE) == []


def test_all_parts_of_a_split_job_count(phrase, many):
    project_uid, uids = many
    phrase.simulator.job(uids[0], "split")
    phrase.simulator.job(uids[0], "complete")
    phrase.forget()
    (result,) = waited(phrase, [completed(project_uid, uids[0])], seconds=0.5)
    assert isinstance(result, PhraseTimeoutError)
    assert "1 COMPLETED, 1 NEW" in str(result)
    other = next(
        part["uid"] for part in phrase.client.jobs.get_parts(project_uid, uids[0]) if part["uid"] != uids[0]
    )
    phrase.simulator.job(other, "complete")
    (result,) = waited(phrase, [completed(project_uid, uids[0])])
    assert result["counts"] == {"COMPLETED": 2}


def test_a_deleted_job_ends_its_own_wait_alone(phrase, many, after_request):
    project_uid, uids = many
    conditions = [completed(project_uid, uid) for uid in uids[:8]]
    after_request("/jobs", phrase.delete_job, project_uid, uids[3])

    async def go(run):
        waits = [asyncio.create_task(run.wait(each)) for each in conditions]
        lost = await waits.pop(3)
        still = [wait for wait in waits if not wait.done()]
        for wait in waits:
            wait.cancel()
        return lost, len(still)

    lost, still = at_hub(phrase.simulator, go)
    assert isinstance(lost, PhraseNotFoundError)
    assert still == 7
    assert len(phrase.sent("GET", uids[3])) == 1


def test_imports_of_one_project_share_its_list(phrase, after_request):
    project_uid = phrase.project(*LANGS)
    uids = phrase.upload(project_uid, "a.md", LANGS)
    phrase.forget()
    after_request("/jobs", phrase.import_files)
    results = waited(phrase, [JobsImported(project_uid, [uid]) for uid in uids])
    assert results == [{"project_uid": project_uid, "job_uids": [uid]} for uid in uids]
    assert phrase.sent("GET", ONE) == []
