"""A field that cannot be read ends the wait that needs it, with its name; all the others go on."""

from __future__ import annotations

import pytest
from hub_runs import at_hub

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseServerError
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished
from phrase_provider.waiting.tms.imports import JobsImported
from phrase_provider.waiting.tms.job_status import JobsReachedStatus

LIST, ONE, PROJECT = r"/projects/\w+/jobs$", r"/jobs/\w+$", r"/projects/\w+$"
LANGS = ("de", "fr", "pt_br", "ja", "cs", "es")
MISSING = object()
MALFORMED = [
    ("workflowLevel", "x"),
    ("workflowLevel", "9" * 5000),
    ("workflowLevel", [1]),
    ("workflowStep", "x"),
    ("status", MISSING),
    ("status", 7),
    ("importStatus", "OK"),
    ("importStatus", {"status": ["OK"]}),
    ("filename", {"name": "a.md"}),
]


def changed(item, field, value):
    """Give an item with a field as told; ``workflowLevel`` where lists have none inside a step."""
    without = {name: held for name, held in item.items() if name != field}
    return without if value is MISSING else {**without, field: value}


def completed(project_uid, *job_uids):
    return JobsReachedStatus(project_uid, list(job_uids) or None, JobStatus.COMPLETED)


def waited(phrase, conditions, seconds=10, **arguments):
    return at_hub(phrase.simulator, lambda run: run.wait_all(conditions, seconds, **arguments))


@pytest.fixture
def jobs(phrase):
    """Six completed jobs."""
    project_uid, uids = phrase.jobs(*LANGS)
    for uid in uids:
        phrase.simulator.job(uid, "complete")
    return project_uid, uids


@pytest.fixture
def spoil_list(phrase, jobs):
    """Lets the list show one job otherwise."""

    def spoil(uid, field, value, **more):
        items, _ = phrase.client.jobs.get_page(jobs[0], 1, 0)
        content = [changed(item, field, value) | more if item["uid"] == uid else item for item in items]
        body = {"content": content, "pageNumber": 0, "pageSize": 50, "numberOfElements": len(content)}
        body |= {"totalElements": len(content), "totalPages": 1}
        phrase.simulator.fault(path=LIST, status=200, body=body, times=None)
        phrase.forget()

    return spoil


@pytest.mark.parametrize(("field", "value"), MALFORMED)
def test_job_on_a_page_that_cannot_be_read_ends_its_own_wait_alone(phrase, jobs, spoil_list, field, value):
    project_uid, uids = jobs
    spoil_list(uids[2], field, value)
    *results, last = waited(phrase, [completed(project_uid, uid) for uid in uids], max_failure_duration=0)
    lost = results.pop(2)
    assert isinstance(lost, PhraseServerError)
    assert f"{field} of job {uids[2]} is" in str(lost)
    assert [result["counts"] for result in [*results, last]] == [{"COMPLETED": 1}] * 5
    assert phrase.sent("GET", ONE) == []


@pytest.mark.parametrize("item", [None, "x", 7, [], {"status": "NEW"}, {"uid": ["j"]}])
def test_item_on_a_page_that_is_no_job_is_nobodys(phrase, jobs, item):
    project_uid, uids = jobs
    items, _ = phrase.client.jobs.get_page(project_uid, 1, 0)
    page = {"content": [item, *items[1:]], "pageNumber": 0, "pageSize": 50, "totalPages": 1}
    phrase.simulator.fault(path=LIST, status=200, body=page, times=None)
    phrase.forget()
    results = waited(phrase, [completed(project_uid, uid) for uid in uids])
    assert [result["counts"] for result in results] == [{"COMPLETED": 1}] * 6
    # The one that the page hides is read alone.
    assert [request["path"].rpartition("/")[2] for request in phrase.sent("GET", ONE)] == [items[0]["uid"]]


@pytest.mark.parametrize(("field", "value"), MALFORMED)
def test_job_that_nobody_waits_for_is_harmless(phrase, jobs, spoil_list, field, value):
    project_uid, uids = jobs
    spoil_list(uids[5], field, value)
    results = waited(phrase, [completed(project_uid, uid) for uid in uids[:5]], max_failure_duration=0)
    assert [result["counts"] for result in results] == [{"COMPLETED": 1}] * 5
    assert len(phrase.sent("GET", LIST)) == 1


@pytest.mark.parametrize(("field", "value"), MALFORMED)
def test_job_that_is_read_alone_ends_its_own_wait_alone(phrase, jobs, field, value):
    project_uid, (spoilt, good, *_) = jobs
    part = changed(phrase.client.jobs.get(project_uid, spoilt), field, value)
    phrase.simulator.fault(path=f"/jobs/{spoilt}$", status=200, body=part, times=None)
    lost, met = waited(
        phrase, [completed(project_uid, uid) for uid in (spoilt, good)], max_failure_duration=0
    )
    assert isinstance(lost, PhraseServerError)
    assert f"{field} of job {spoilt} is" in str(lost)
    assert met["counts"] == {"COMPLETED": 1}


def test_import_needs_no_status(phrase, jobs, spoil_list):
    project_uid, uids = jobs
    spoil_list(uids[2], "status", MISSING)
    results = waited(phrase, [JobsImported(project_uid, [uid]) for uid in uids], max_failure_duration=0)
    assert [result["job_uids"] for result in results] == [[uid] for uid in uids]


def test_all_jobs_of_a_project_are_not_done_while_one_cannot_be_read(phrase, jobs, spoil_list):
    project_uid, uids = jobs
    spoil_list(uids[2], "uid", MISSING)
    (lost,) = waited(phrase, [completed(project_uid)], max_failure_duration=0)
    assert isinstance(lost, PhraseServerError)
    assert "uid of a job of the project is missing" in str(lost)


@pytest.mark.parametrize("steps", ["x", ["x"], [{}], [{"workflowLevel": "x"}]])
def test_levels_that_cannot_be_read_end_the_waits_that_need_them(phrase, jobs, steps):
    project_uid, (one, *_) = jobs
    project = phrase.client.projects.get(project_uid) | {"workflowSteps": steps}
    phrase.simulator.fault(path=PROJECT, status=200, body=project, times=None)
    lost, met = waited(phrase, [completed(project_uid), completed(project_uid, one)], max_failure_duration=0)
    assert isinstance(lost, PhraseServerError)
    assert met["counts"] == {"COMPLETED": 1}


def test_part_that_may_be_one_of_a_split_job_is_not_passed_over(phrase, jobs, spoil_list):
    project_uid, (split, other, *_) = jobs
    phrase.simulator.job(split, "split")
    siblings = phrase.client.jobs.get_parts(project_uid, split)
    for part in siblings:
        phrase.simulator.job(part["uid"], "complete")
    spoil_list(siblings[-1]["uid"], "targetLang", MISSING)
    lost, met = waited(
        phrase, [completed(project_uid, uid) for uid in (split, other)], max_failure_duration=0
    )
    assert "targetLang of job" in str(lost)
    assert met["counts"] == {"COMPLETED": 1}


def test_part_of_another_file_is_none_of_a_split_job(phrase, jobs, spoil_list):
    project_uid, (split, other, *_) = jobs
    phrase.simulator.job(split, "split")
    for part in phrase.client.jobs.get_parts(project_uid, split):
        phrase.simulator.job(part["uid"], "complete")
    spoil_list(other, "status", MISSING, filename="b.md")
    (met,) = waited(phrase, [completed(project_uid, split)], max_failure_duration=0)
    assert met["counts"] == {"COMPLETED": 2}


class TestAsyncRequests:
    BAD = [("asyncResponse", "x"), ("action", ["EXPORT"]), ("id", MISSING), ("id", "x")]

    @pytest.fixture
    def requests(self, phrase, jobs):
        """Six exports that have finished."""
        project_uid, uids = jobs
        requests = [phrase.client.exports.start(project_uid, uid) for uid in uids]
        phrase.finish_exports()
        phrase.forget()
        return requests

    @pytest.mark.parametrize(("field", "value"), BAD)
    def test_one_that_cannot_be_read_ends_its_own_wait_alone(self, phrase, requests, field, value):
        told = changed(phrase.client.async_requests.get(requests[0]), field, value)
        phrase.simulator.fault(path=f"/async/{requests[0]}$", status=200, body=told, times=None)
        lost, *met = waited(phrase, [AsyncRequestFinished(each) for each in requests], max_failure_duration=0)
        assert isinstance(lost, PhraseServerError)
        assert field in str(lost)
        assert [result["async_request_id"] for result in met] == requests[1:]

    @pytest.mark.parametrize("item", [None, "x", {"action": "EXPORT"}, {"id": ["1"]}])
    def test_item_of_the_list_that_is_none_is_harmless(self, phrase, requests, item):
        page = {"content": [item], "pageNumber": 0, "pageSize": 50, "totalPages": 1}
        phrase.simulator.fault(path="/async$", status=200, body=page, times=None)
        met = waited(phrase, [AsyncRequestFinished(each) for each in requests])
        assert [result["async_request_id"] for result in met] == requests
        assert len(phrase.sent("GET", "/async$")) == 1


def test_wait_goes_on_when_the_field_is_there_again(phrase, jobs):
    project_uid, (uid, *_) = jobs
    part = changed(phrase.client.jobs.get(project_uid, uid), "status", MISSING)
    phrase.simulator.fault(path=f"/jobs/{uid}$", status=200, body=part, times=2)
    phrase.forget()
    (met,) = waited(phrase, [completed(project_uid, uid)])
    assert met["counts"] == {"COMPLETED": 1}
    assert len(phrase.sent("GET", ONE)) == 3
