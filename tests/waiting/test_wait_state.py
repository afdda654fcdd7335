"""A wait in which polls fail until it ends tells why, however soon it ends."""

from __future__ import annotations

import re

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, AirflowSkipException
from task_runs import DEFERRED, MODES, POKE, RESCHEDULE, context, event_of, rebuilt, run

from phrase_provider.exceptions import PhraseTimeoutError
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor
from phrase_provider.triggers import events
from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger

in_each_mode = pytest.mark.parametrize("mode", MODES)
SENSORS = [PhraseTmsAsyncRequestSensor, PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor]
NOTHING_SEEN = r"The deadline passed\. No poll worked\. The last poll failed: .*maintenance"


@pytest.fixture
def down(phrase, connect):
    """Lets every read of jobs and async requests fail, which passes, but not soon."""
    connect(retries=0)

    def go_down():
        error = {"errorCode": "InternalError", "errorDescription": "maintenance"}
        phrase.simulator.fault(method="GET", path="/jobs/|/async/", status=503, body=error, times=None)
        phrase.forget()

    return go_down


@pytest.fixture
def waits(phrase):
    """The arguments with which each sensor waits for something that does not come."""
    project_uid, (job_uid,) = phrase.jobs("de")
    jobs = {"project_uid": project_uid, "job_uids": job_uid}
    return {
        PhraseTmsAsyncRequestSensor: {"async_request_id": phrase.client.exports.start(project_uid, job_uid)},
        PhraseTmsJobsImportedSensor: jobs | {"job_uids": phrase.upload(project_uid, "b.md")},
        PhraseTmsJobStatusSensor: jobs,
    }


@in_each_mode
@pytest.mark.parametrize("sensor", SENSORS)
def test_wait_in_which_every_look_fails_ends_with_the_reason(phrase, waits, down, mode, sensor):
    down()
    with pytest.raises(AirflowSensorTimeout, match=NOTHING_SEEN) as caught:
        run(sensor, mode, poke_interval=0.05, timeout=0.3, **waits[sensor])
    assert "503" in str(caught.value)
    assert "nothing yet" not in str(caught.value)
    assert phrase.sent("GET", "/jobs/|/async/")


@in_each_mode
def test_skip_tells_the_reason(waits, down, mode):
    down()
    sensor = PhraseTmsJobStatusSensor
    with pytest.raises(AirflowSkipException, match=NOTHING_SEEN):
        run(sensor, mode, poke_interval=0.05, timeout=0.3, soft_fail=True, **waits[sensor])


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_what_was_seen_before_is_told_too(waits, down, after_request, mode):
    after_request("/jobs/", down, count=2)
    sensor = PhraseTmsJobsImportedSensor
    with pytest.raises(AirflowSensorTimeout, match=r"1 RUNNING.*[Tt]he last poll failed: .*maintenance"):
        run(sensor, mode, poke_interval=0.05, timeout=3, **waits[sensor])


def test_reschedule_tells_the_reason_of_its_own_look(waits, down):
    told, sensor = context(), PhraseTmsJobsImportedSensor
    down()
    with pytest.raises(AirflowSensorTimeout, match=NOTHING_SEEN):
        run(sensor, RESCHEDULE, told, poke_interval=0.05, timeout=0.3, **waits[sensor])


def test_look_that_fails_after_the_deadline_gives_the_reason(waits, down):
    # The triggerer's polls got no answer at all.
    late = PhraseTimeoutError("The deadline passed before Phrase had answered a poll")
    event = {**events.failed(late), "deadline": 1.0, "note": {"started": 0.5}}
    down()
    sensor = PhraseTmsJobStatusSensor(
        task_id="task", deferrable=True, timeout=1, **waits[PhraseTmsJobStatusSensor]
    )
    with pytest.raises(
        AirflowSensorTimeout, match=r"had answered a poll\. One more poll failed: .*maintenance"
    ):
        sensor.execute_complete(context(), event)


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_export_whose_polls_fail_ends_with_the_reason(phrase, waits, down, tmp_path, mode):
    job = waits[PhraseTmsJobStatusSensor]
    down()
    arguments = {"project_uid": job["project_uid"], "job_uid": job["job_uids"]}
    with pytest.raises(PhraseTimeoutError, match=NOTHING_SEEN) as caught:
        run(
            PhraseTmsExportTargetFileOperator,
            mode,
            poll_interval=0.05,
            timeout=0.3,
            target_path=str(tmp_path / "a.md"),
            **arguments,
        )
    assert caught.value.status == 503
    assert re.search("clear this task", caught.value.hint or "")
    assert len(phrase.sent("PUT", "/targetFile")) == 1


def test_deadline_before_any_answer_says_so(phrase, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.hub.waiter.GRACE", 0.3)
    phrase.simulator.fault(path="/async/", hang=True, times=None)
    trigger = PhraseTmsAsyncRequestTrigger(
        async_request_id="1", phrase_conn_id="phrase_default", poke_interval=0.1, deadline=1.0
    )
    with pytest.raises(PhraseTimeoutError, match="before Phrase had answered a poll"):
        events.result_of(event_of(rebuilt(trigger)))
