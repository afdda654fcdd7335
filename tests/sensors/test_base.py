from __future__ import annotations

import subprocess
import sys
import time

import pytest
from airflow.providers.common.compat.sdk import TaskDeferred
from task_runs import context

from phrase_provider.exceptions import PhraseError, PhraseServerError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor
from phrase_provider.triggers import events


@pytest.fixture
def jobs(phrase):
    project_uid, uids = phrase.jobs("de")
    return {"project_uid": project_uid, "job_uids": uids}


def sensor(kind=PhraseTmsJobStatusSensor, **arguments):
    return kind(task_id="task", deferrable=True, **arguments)


def test_unmet_wait_is_deferred(jobs):
    before = time.time()
    with pytest.raises(TaskDeferred) as caught:
        sensor(timeout=100, poke_interval=7, **jobs).execute(context())
    _, kwargs = caught.value.trigger.serialize()
    assert caught.value.method_name == "execute_complete"
    # Airflow would drop or sweep these: the deadline lives in the trigger.
    assert (caught.value.kwargs, caught.value.timeout) == (None, None)
    assert before + 100 <= kwargs.pop("deadline") <= time.time() + 100
    assert before <= kwargs.pop("note")["started"] <= time.time()
    assert kwargs == {
        "phrase_conn_id": "phrase_default",
        "poke_interval": 7,
        **jobs,
        "status": "COMPLETED",
        "fail_on_rework": False,
        "cancel_on_kill": False,
        "ignore_cancelled": False,
    }


def test_met_wait_is_not_deferred(jobs):
    assert sensor(PhraseTmsJobsImportedSensor, **jobs).execute(context()) == jobs


def test_event_is_checked_against_phrase_and_the_deadline_stays(phrase, jobs):
    event = {**events.done({"status": "COMPLETED"}), "deadline": 12345.5, "note": None}
    with pytest.raises(TaskDeferred) as caught:
        sensor(timeout=100, **jobs).execute_complete(context(), event)
    assert caught.value.trigger.deadline == 12345.5
    phrase.simulator.job(jobs["job_uids"][0], "complete")
    assert sensor(**jobs).execute_complete(context(), event)["counts"] == {"COMPLETED": 1}


def test_error_of_the_trigger_is_raised_as_it_was(jobs):
    event = {**events.failed(PhraseServerError("Down for long", status=503)), "deadline": None, "note": None}
    with pytest.raises(PhraseServerError, match=r"Down for long.*503"):
        sensor(soft_fail=True, **jobs).execute_complete(context(), event)


@pytest.mark.parametrize(
    "event", [None, "success", {}, {"status": "met"}, {"status": "failed", "error": "x"}]
)
def test_event_of_somebody_else_is_refused(jobs, event):
    with pytest.raises(PhraseError, match="no Phrase trigger sends"):
        sensor(**jobs).execute_complete(context(), event)


@pytest.mark.parametrize("deferrable", ["True", "False"])
def test_default_comes_from_airflow(deferrable, tmp_path):
    program = """
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor
job = {"project_uid": "p", "job_uids": "j"}
print(
    PhraseTmsExportTargetFileOperator(task_id="a", project_uid="p", job_uid="j", target_path="t").deferrable,
    PhraseTmsAsyncRequestSensor(task_id="b", async_request_id="1").deferrable,
    PhraseTmsJobsImportedSensor(task_id="c", **job).deferrable,
    PhraseTmsJobStatusSensor(task_id="d", **job).deferrable,
)
"""
    environment = {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": deferrable,
        "_AIRFLOW__AS_LIBRARY": "1",
    }
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split()[-4:] == [deferrable] * 4
