"""Waits for any of many jobs: what counts mean, and the requests with which the hub reads them."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hub_runs import at_hub

from phrase_provider.exceptions import PhraseNotFoundError, PhraseServerError
from phrase_provider.waiting.tms.ready_jobs import MAX_DOUBT, JobCounts, JobsReady, watched_in

LIST = "/api2/v2/projects/.*/jobs$"


def project(own_open=10, own_completed=0, others_completed=0, others_open=0, **fields):
    return {
        "project_uid": "p",
        "level": 1,
        "own_open": own_open,
        "own_completed": own_completed,
        "others_completed": others_completed,
        "others_open": others_open,
        **fields,
    }


def seen(still_open, completed, watched=None, **limits):
    return JobsReady([watched or project()], **limits).seen([JobCounts(still_open, completed)])


def test_nothing_is_ready_while_all_are_open():
    assert seen(10, 0) == (0, 10, False)


def test_enough_ready_jobs_end_the_wait():
    assert seen(5, 5, enough=6) == (5, 5, False)
    assert seen(4, 6, enough=6) == (6, 4, True)


def test_the_last_open_job_ends_the_wait():
    assert seen(0, 10) == (10, 0, True)


def test_jobs_of_others_do_not_count():
    watched = project(own_open=3, own_completed=2, others_completed=5, others_open=7)
    assert seen(10, 7, watched) == (0, 3, False)
    assert seen(9, 8, watched) == (1, 2, False)


def test_jobs_that_people_deliver_or_cancel_count_as_ready():
    assert seen(7, 0) == (3, 7, False)


def test_jobs_of_others_that_are_delivered_hide_no_ready_job():
    watched = project(own_open=10, others_completed=50)
    assert seen(4, 6, watched) == (6, 4, False)


def test_a_ready_job_waits_for_others_for_a_time():
    condition = JobsReady([project()], max_hold=60)
    assert not condition.seen([JobCounts(9, 1)]).is_due
    condition._ready_since = time.time() - 61
    assert condition.seen([JobCounts(9, 1)]).is_due


def test_the_time_begins_anew_when_the_job_was_sent_back():
    condition = JobsReady([project()], max_hold=60)
    condition.seen([JobCounts(9, 1)])
    condition._ready_since = time.time() - 61
    assert not condition.seen([JobCounts(10, 0)]).is_due
    assert not condition.seen([JobCounts(9, 1)]).is_due


def test_the_wait_does_not_end_before_its_earliest_time():
    assert not seen(0, 10, earliest=time.time() + 60).is_due
    assert seen(0, 10, earliest=time.time() - 1).is_due


def test_the_wait_ends_at_its_latest_time_whatever_the_counts():
    assert not seen(10, 0, latest=time.time() + 60).is_due
    assert seen(10, 0, latest=time.time() - 1).is_due


def test_jobs_that_are_left_for_later_do_not_end_the_wait():
    # None is open, but what is completed is on hold: an import is running.
    watched = project(own_open=0, own_completed=2)
    assert seen(0, 2, watched, latest=time.time() + 60) == (0, 0, False)


def test_a_change_that_the_numbers_do_not_tell_ends_the_wait_some_time():
    condition = JobsReady([project()])
    assert not condition.seen([JobCounts(10, 0)]).is_due
    assert not condition.seen([JobCounts(11, 0)]).is_due
    condition._changed_since = time.time() - MAX_DOUBT - 1
    assert condition.seen([JobCounts(11, 0)]).is_due


def test_several_projects_are_counted_together():
    condition = JobsReady([project(), project(project_uid="q")], enough=6)
    assert condition.seen([JobCounts(7, 3), JobCounts(7, 3)]) == (6, 14, True)


def test_result_gives_the_projects_back():
    condition = JobsReady([project()])
    result = condition.evaluate(condition.seen([JobCounts(0, 10)]))
    assert result.done
    assert watched_in(result.result) == [project()]


@pytest.mark.parametrize(
    "projects", [None, "p", [1], [{}], [project(level="1")], [project(project_uid=None)]]
)
def test_projects_that_cannot_be_read_are_none(projects):
    assert watched_in({"projects": projects}) is None


@pytest.fixture
def watched(phrase):
    """A project with ten open jobs."""
    langs = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
    project_uid, uids = phrase.jobs(*langs)
    phrase.forget()
    return project(project_uid=project_uid), uids


def test_many_waits_need_two_requests_a_look(phrase, watched, once):
    where, uids = watched

    def complete():
        for uid in uids:
            phrase.simulator.job(uid, "complete")

    once(lambda: phrase.sent("GET", LIST), complete)
    results = at_hub(phrase.simulator, lambda run: run.wait_all([JobsReady([where]) for _ in range(20)]))
    assert [(result["ready"], result["open"]) for result in results] == [(10, 0)] * 20
    sent = Counter(str(request["query"]) for request in phrase.sent("GET", LIST))
    assert len(sent) == 2
    assert max(sent.values()) - min(sent.values()) <= 1
    assert sum(sent.values()) <= 20


def test_counting_gives_no_jobs(phrase, watched):
    where, uids = watched
    phrase.simulator.job(uids[0], "complete")
    assert JobsReady([where], max_hold=0).check(phrase.client).result["ready"] == 1
    queries = [request["query"] for request in phrase.sent("GET", LIST)]
    assert len(queries) == 2
    assert all(["count", "true"] in query and ["pageSize", "1"] in query for query in queries)


def test_a_project_that_is_gone_ends_only_the_waits_for_it(phrase, watched, once):
    where, uids = watched
    gone = project(project_uid="gone")
    once(lambda: phrase.sent("GET", LIST), phrase.simulator.job, uids[0], "complete")

    async def both(run):
        return await run.wait_all([JobsReady([where], max_hold=0), JobsReady([where, gone])])

    kept, lost = at_hub(phrase.simulator, both)
    assert kept["ready"] == 1
    assert isinstance(lost, PhraseNotFoundError)


def test_an_answer_without_a_count_is_a_fault_of_phrase(client, requests_mock):
    requests_mock.get("https://tms.test/web/api2/v2/projects/p/jobs", json={"totalPages": 1})
    with pytest.raises(PhraseServerError, match="totalElements"):
        JobsReady([project()]).check(client)
