"""Every wait ends, in each mode at the same time, and tells what was still open."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from airflow.exceptions import AirflowRescheduleException
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, AirflowSkipException, TaskDeferred
from task_runs import DEFERRED, MODES, POKE, RESCHEDULE, context, run

from phrase_provider.exceptions import PhraseTimeoutError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor
from phrase_provider.triggers import events

DAY = 24 * 3600
in_each_mode = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def jobs(phrase):
    project_uid, uids = phrase.jobs("de", "pt_br")
    return {"project_uid": project_uid, "job_uids": uids}


@pytest.fixture
def due(phrase, jobs):
    """Sets the due date of a job, so many days from now; gives it in epoch seconds."""

    def set_due(days, job=0):
        when = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
        phrase.change_job(jobs["project_uid"], jobs["job_uids"][job], dateDue=when.isoformat())
        return when.timestamp()

    return set_due


def sensor(jobs, **arguments):
    return PhraseTmsJobStatusSensor(task_id="task", **{"deferrable": True, **jobs, **arguments})


def deferred(step, *told):
    """Give the trigger with which a task defers."""
    with pytest.raises(TaskDeferred) as caught:
        step(context(), *told)
    return caught.value.trigger


def late(trigger):
    """Give the event of a trigger whose deadline has passed just now."""
    return {**events.failed(PhraseTimeoutError("Late")), "deadline": time.time(), "note": trigger.note}


def test_due_date_and_fourteen_days(jobs, due):
    due(1, job=0)
    last = due(3, job=1)
    assert deferred(sensor(jobs).execute).deadline == last + 14 * DAY


def test_job_that_has_arrived_does_not_count(phrase, jobs, due):
    first = due(1, job=0)
    due(300, job=1)
    phrase.simulator.job(jobs["job_uids"][1], "complete")
    assert deferred(sensor(jobs).execute).deadline == first + 14 * DAY


def test_sixty_days_without_due_date(jobs):
    before = time.time()
    assert before + 60 * DAY <= deferred(sensor(jobs).execute).deadline <= time.time() + 60 * DAY


def test_authors_timeout_counts(jobs, due):
    due(3)
    before = time.time()
    assert before + 50 <= deferred(sensor(jobs, timeout=50).execute).deadline <= time.time() + 50


def test_execution_timeout_counts_while_deferred(jobs):
    before = time.time()
    trigger = deferred(sensor(jobs, execution_timeout=timedelta(seconds=30)).execute)
    assert before + 30 <= trigger.deadline <= time.time() + 30


def test_due_date_that_was_moved_moves_the_deadline(jobs, due):
    due(1)
    due(1, job=1)
    trigger = deferred(sensor(jobs).execute)
    moved = due(9)
    again = deferred(sensor(jobs).execute_complete, late(trigger))
    assert (again.deadline, again.note) == (moved + 14 * DAY, trigger.note)


@pytest.mark.parametrize("arguments", [{}, {"timeout": 50}])
def test_deadline_that_has_passed_ends_the_wait(jobs, arguments):
    trigger = deferred(sensor(jobs, **arguments).execute)
    trigger.note["started"] -= 61 * DAY
    with pytest.raises(AirflowSensorTimeout, match="Late"):
        sensor(jobs, **arguments).execute_complete(context(), late(trigger))


def test_job_that_arrives_with_the_deadline_has_arrived(phrase, jobs):
    trigger = deferred(sensor(jobs).execute)
    for uid in jobs["job_uids"]:
        phrase.simulator.job(uid, "complete")
    trigger.note["started"] -= 61 * DAY
    assert sensor(jobs).execute_complete(context(), late(trigger))["counts"] == {"COMPLETED": 2}


def complete(phrase, jobs):
    for uid in jobs["job_uids"]:
        phrase.simulator.job(uid, "complete")


def rescheduled(jobs, days):
    """Look once in reschedule mode, so many days after the first time."""
    told = context()
    told["ti"].started -= timedelta(days=days)
    return run(PhraseTmsJobStatusSensor, RESCHEDULE, told, poke_interval=0.05, **jobs)


def test_reschedule_mode_counts_from_the_first_look(phrase, jobs, due, after_request):
    german, brazilian = jobs["job_uids"]
    step = "step 1 Translation"
    open_jobs = rf"a\.md \(de\), {step}, new, job {german}; a\.md \(pt_br\), {step}, new, job {brazilian}\."
    with pytest.raises(AirflowSensorTimeout, match=f"Last seen: .*2 NEW. Open: {open_jobs}"):
        rescheduled(jobs, 61)
    phrase.forget()
    due(1)
    after_request("/jobs/", complete, phrase, jobs, count=2)
    assert rescheduled(jobs, 61)["counts"] == {"COMPLETED": 2}
    assert len(phrase.sent("GET", "/jobs/")) > 2


@in_each_mode
def test_default_ends_with_what_was_open(jobs, mode, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.deadlines.WITHOUT_DUE", 0.2)
    with pytest.raises(AirflowSensorTimeout, match=r"The deadline passed. Last seen: .*2 NEW. Open: "):
        run(PhraseTmsJobStatusSensor, mode, poke_interval=0.05, **jobs)


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_last_look_is_at_the_deadline(phrase, jobs, mode):
    phrase.forget()
    began = time.monotonic()
    with pytest.raises(AirflowSensorTimeout):
        run(PhraseTmsJobStatusSensor, mode, poke_interval=60, timeout=0.5, **jobs)
    assert time.monotonic() - began < 55
    assert len(phrase.sent("GET", "/jobs/")) >= 2


def test_next_look_in_reschedule_mode_is_not_after_the_deadline(jobs):
    told = context()
    task = sensor(jobs, deferrable=False, mode=RESCHEDULE, poke_interval=60, timeout=10)
    with pytest.raises(AirflowRescheduleException) as caught:
        task.execute(told)
    assert caught.value.reschedule_date <= told["ti"].started + timedelta(seconds=11)


@in_each_mode
def test_skip_tells_what_was_open(phrase, mode):
    project_uid = phrase.project("de")
    uploaded = {"project_uid": project_uid, "job_uids": phrase.upload(project_uid)}
    with pytest.raises(AirflowSkipException, match="Last seen: imports: 1 RUNNING"):
        run(PhraseTmsJobsImportedSensor, mode, poke_interval=0.05, timeout=0.15, soft_fail=True, **uploaded)


@pytest.mark.parametrize("mode", [POKE, RESCHEDULE])
def test_wait_longer_than_airflow_is_told_goes_on(phrase, jobs, due, after_request, mode, monkeypatch):
    # Airflow goes by the timeout of the sensor, which a due date may exceed.
    monkeypatch.setattr("phrase_provider.sensors.tms.jobs.WITHOUT_DUE", 0)
    due(3)
    after_request("/jobs/", complete, phrase, jobs, count=2)
    assert run(PhraseTmsJobStatusSensor, mode, poke_interval=0.05, **jobs)["counts"] == {"COMPLETED": 2}
