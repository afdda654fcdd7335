"""Phrase limits pending async requests: exports and uploads wait for their turn instead of failing."""

from __future__ import annotations

import time

import pytest
from airflow.providers.common.compat.sdk import TaskDeferred
from task_runs import DEFERRED, POKE, context, event_of, run

from phrase_provider.exceptions import (
    PhrasePendingLimitError,
    PhrasePermissionError,
    PhraseTimeoutError,
    PhraseValidationError,
)
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncSlotTrigger

START = {"method": "PUT", "path": "/targetFile$"}
COUNT = {"method": "GET", "path": "/async/status$"}
#: What is left to be told apart from a refusal for another reason by Phrase's count alone.
MUTE = {"errorCode": "Refused", "errorDescription": "No."}
both_modes = pytest.mark.parametrize("mode", [POKE, DEFERRED])


@pytest.fixture
def quick(monkeypatch):
    """Shortens what is seconds in life."""
    monkeypatch.setattr("phrase_provider.services.tms.async_starts.HOLD_OFF", (0.05, 0.1))


@pytest.fixture
def job(phrase):
    """A completed job of an organization that may have two async requests pending, and has."""
    project_uid, (job_uid,) = phrase.jobs("de")
    phrase.simulator.job(job_uid, "complete")
    for _ in range(2):
        phrase.client.exports.start(project_uid, job_uid)
    phrase.simulator.settings(pending_limit=2)
    phrase.forget()
    return project_uid, job_uid


@pytest.fixture
def room_is_taken(phrase, job):
    """Lets somebody else take the last room between the look at the count and the start."""
    phrase.simulator.fault(**COUNT, status=200, body={"concurrentRequests": {"count": 1, "limit": 2}})


@pytest.fixture
def arguments(job, tmp_path, quick):
    return {
        "project_uid": job[0],
        "job_uid": job[1],
        "target_path": f"{tmp_path}/a.md",
        "poll_interval": 0.05,
    }


@pytest.fixture
def export(phrase, arguments):
    def run_task(mode=POKE, **more):
        return run(PhraseTmsExportTargetFileOperator, mode, **{**arguments, **more})

    return run_task


def drain(phrase):
    phrase.finish_exports()
    phrase.simulator.settings(export_seconds=(0, 0))


@both_modes
@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "TooManyPendingRequests"), (400, "BadRequest"), (403, "Forbidden"), (503, "AsyncLimit")],
)
def test_refused_start_waits_for_its_turn(
    phrase, export, after_request, connect, room_is_taken, mode, status, code
):
    connect(retries=0)
    phrase.simulator.settings(pending_limit_status=status, pending_limit_code=code)
    after_request(COUNT["path"], drain, phrase, count=2)
    assert export(mode)["size"] > 0
    starts = [request["status"] for request in phrase.sent(**START)]
    assert starts == [status, 202]
    assert phrase.sent(**COUNT)


@both_modes
@pytest.mark.parametrize("status", [400, 403, 429])
def test_refusal_without_reason_is_understood_by_the_count(
    phrase, export, after_request, connect, room_is_taken, mode, status
):
    connect(retries=0)
    phrase.simulator.fault(**START, status=status, body=MUTE)
    after_request(COUNT["path"], drain, phrase, count=2)
    assert export(mode)["size"] > 0
    assert [request["status"] for request in phrase.sent(**START)] == [status, 202]


@both_modes
@pytest.mark.parametrize(("status", "error"), [(400, PhraseValidationError), (403, PhrasePermissionError)])
def test_refusal_for_another_reason_fails_at_once(phrase, export, mode, status, error):
    drain(phrase)
    phrase.simulator.fault(**START, status=status, body=MUTE)
    with pytest.raises(error):
        export(mode)
    assert (len(phrase.sent(**START)), len(phrase.sent(**COUNT))) == (1, 2)


@both_modes
def test_count_that_is_not_told_fails_nothing(phrase, export, after_request, mode):
    phrase.simulator.fault(**COUNT, status=403, times=None)
    after_request(START["path"], drain, phrase, method="PUT")
    assert export(mode)["size"] > 0
    assert [request["status"] for request in phrase.sent(**START)][-2:] == [429, 202]


@both_modes
def test_turn_that_never_comes_ends_the_wait(phrase, export, mode):
    with pytest.raises(PhraseTimeoutError, match="Last seen: waiting for others to end"):
        export(mode, timeout=0.5)
    assert phrase.sent(**START) == []


def test_second_refusal_keeps_the_deadline_and_the_attempt(phrase, arguments, room_is_taken):
    def task():
        return PhraseTmsExportTargetFileOperator(task_id="task", deferrable=True, **arguments)

    with pytest.raises(TaskDeferred) as first:
        task().execute(context())
    assert isinstance(first.value.trigger, PhraseTmsAsyncSlotTrigger)
    event = {"status": "met", "result": {}, "deadline": time.time() + 77, "note": {"attempt": 2}}
    with pytest.raises(TaskDeferred) as second:
        task().execute_in_turn(context(), event)
    assert (second.value.trigger.deadline, second.value.trigger.note) == (event["deadline"], event["note"])
    assert [request["status"] for request in phrase.sent(**START)] == [429, 429]
    drain(phrase)
    time.sleep(0.1)
    assert event_of(second.value.trigger)["status"] == "met"


def test_upload_waits_for_its_turn(phrase, job, tmp_path, after_request, quick, room_is_taken):
    (tmp_path / "new.md").write_text("Hello")
    after_request("/jobs$", phrase.finish_exports, method="POST")
    task = PhraseTmsCreateJobsOperator(task_id="task", project_uid=job[0], source=f"{tmp_path}/new.md")
    assert [row["target_lang"] for row in task.execute(context())] == ["de"]
    assert [request["status"] for request in phrase.sent("POST", "/jobs$")] == [429, 201]


@both_modes
def test_start_without_room_is_not_sent(phrase, export, after_request, mode):
    after_request(COUNT["path"], drain, phrase)
    assert export(mode)["size"] > 0
    assert [request["status"] for request in phrase.sent(**START)] == [202]


def test_each_task_looks_once_before_its_start(phrase, export):
    drain(phrase)
    phrase.forget()
    for number in (1, 2, 3):
        export()
        assert (len(phrase.sent(**COUNT)), len(phrase.sent(**START))) == (number, number)


def test_task_that_starts_many_looks_once_for_all(phrase, job, tmp_path, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.tms.slots.FRESH", 60)
    drain(phrase)
    phrase.simulator.settings(pending_limit=200)
    for number in range(5):
        (tmp_path / f"{number}.md").write_text("Hello")
    phrase.forget()
    task = PhraseTmsCreateJobsOperator(task_id="task", project_uid=job[0], source=f"{tmp_path}/*.md")
    assert len(task.execute(context())) == 5
    assert (len(phrase.sent("POST", "/jobs$")), len(phrase.sent(**COUNT))) == (5, 1)


def test_task_that_starts_many_looks_again_when_the_room_is_used_up(phrase, job, tmp_path, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.tms.slots.FRESH", 60)
    drain(phrase)
    phrase.simulator.settings(pending_limit=3, import_seconds=(0, 0))
    for number in range(7):
        (tmp_path / f"{number}.md").write_text("Hello")
    phrase.forget()
    task = PhraseTmsCreateJobsOperator(task_id="task", project_uid=job[0], source=f"{tmp_path}/*.md")
    assert len(task.execute(context())) == 7
    assert (len(phrase.sent("POST", "/jobs$")), len(phrase.sent(**COUNT))) == (7, 3)


COUNTS = [
    {"count": "x", "limit": 200},
    {"count": None, "limit": 200},
    {"count": 5, "limit": [200]},
    {"count": -1, "limit": 200},
    {"count": 5, "limit": "9" * 5000},
    "x",
    {},
]


@both_modes
@pytest.mark.parametrize("told", COUNTS, ids=range(len(COUNTS)))
def test_count_that_cannot_be_read_fails_nothing(phrase, export, mode, told):
    drain(phrase)
    phrase.simulator.fault(**COUNT, status=200, body={"concurrentRequests": told}, times=None)
    assert export(mode)["size"] > 0
    assert [request["status"] for request in phrase.sent(**START)] == [202]


def test_refusal_reaches_the_user_as_what_it_is(phrase, job):
    with pytest.raises(PhrasePendingLimitError, match="allows 200 pending async requests"):
        phrase.client.exports.start(*job)
