"""A fault of Phrase that passes says nothing of the work: the wait goes on."""

from __future__ import annotations

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, TaskDeferred
from task_runs import DEFERRED, MODES, POKE, context, run

from phrase_provider.exceptions import PhraseNotFoundError, PhraseServerError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor
from phrase_provider.triggers import events

in_each_mode = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def wait(phrase, connect):
    """Waits for a job, which is completed already, without repeating calls."""
    connect(retries=0)
    project_uid, job_uids = phrase.jobs("de")
    phrase.simulator.job(job_uids[0], "complete")
    phrase.forget()

    def start(mode, **arguments):
        given = {"project_uid": project_uid, "job_uids": job_uids, "poke_interval": 0.05, **arguments}
        return run(PhraseTmsJobStatusSensor, mode, **given)

    return start


@pytest.fixture
def task(phrase):
    """A deferrable wait for an open job, and the job."""
    project_uid, (uid,) = phrase.jobs("de")
    sensor = PhraseTmsJobStatusSensor(task_id="task", deferrable=True, project_uid=project_uid, job_uids=uid)
    return sensor, uid


@in_each_mode
@pytest.mark.parametrize(
    "fault",
    [{"status": 503}, {"reset_before": True}, {"html": 200}, {"status": 200, "body": {"uid": "j"}}],
)
def test_wait_goes_on(phrase, wait, mode, fault, capsys):
    phrase.simulator.fault(path="/jobs/", times=3, **fault)
    assert wait(mode)["counts"] == {"COMPLETED": 1}
    assert len(phrase.sent("GET", "/jobs/")) >= 4
    assert "the wait goes on" in capsys.readouterr().out


def test_first_look_that_fails_defers(phrase, connect, task):
    connect(retries=0)
    phrase.simulator.fault(path="/jobs/", status=503)
    with pytest.raises(TaskDeferred):
        task[0].execute(context())


def test_last_look_that_fails_defers_to_the_same_deadline(phrase, connect, task):
    connect(retries=0)
    sensor, uid = task
    phrase.simulator.job(uid, "complete")
    phrase.simulator.fault(path="/jobs/", status=503)
    event = {**events.done({"status": "COMPLETED"}), "deadline": 12345.5, "note": None}
    with pytest.raises(TaskDeferred) as caught:
        sensor.execute_complete(context(), event)
    assert caught.value.trigger.deadline == 12345.5


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_lasting_outage_ends_the_wait(phrase, wait, mode, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "0.2")
    phrase.simulator.fault(path="/jobs/", status=503, times=None)
    with pytest.raises(PhraseServerError, match="503"):
        wait(mode, timeout=10)
    assert len(phrase.sent("GET", "/jobs/")) >= 3


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
@pytest.mark.parametrize(("field", "value"), [("workflowStep", "x"), ("status", None)])
def test_field_that_stays_malformed_is_named(phrase, wait, mode, field, value, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "0.2")
    part = {"uid": "j", "status": "NEW", field: value}
    phrase.simulator.fault(path="/jobs/", status=200, body=part, times=None)
    with pytest.raises(PhraseServerError, match=f"{field} of job j is"):
        wait(mode, timeout=10)


@in_each_mode
def test_outage_is_bounded_by_the_timeout(phrase, wait, mode):
    phrase.simulator.fault(path="/jobs/", status=503, times=None)
    with pytest.raises(AirflowSensorTimeout):
        wait(mode, timeout=0.3)


@in_each_mode
def test_fault_that_does_not_pass_ends_the_wait_at_once(phrase, wait, mode):
    phrase.simulator.fault(path="/jobs/", status=404, times=None)
    with pytest.raises(PhraseNotFoundError):
        wait(mode)
    # The worker's first look comes before any trigger.
    assert len(phrase.sent("GET", "/jobs/")) == 1
