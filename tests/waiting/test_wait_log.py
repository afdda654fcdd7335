"""The log of a wait names files and people, says when it last polled, and what happens next."""

from __future__ import annotations

import re

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout
from task_runs import DEFERRED, MODES, POKE, context, run

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor
from phrase_provider.waiting.wait_log import duration

in_each_mode = pytest.mark.parametrize("mode", MODES)
AT = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"


@pytest.fixture
def declined(phrase):
    """A job of the second step that its provider has declined; due on a Friday."""
    project_uid = phrase.project("de", steps=2)
    phrase.upload(project_uid, "returns.md")
    phrase.import_files()
    (job,) = phrase.client.jobs.list_highest(project_uid)
    users = phrase.client.session.json(Call(Endpoint("GET", "/api2/v1/users")))["content"]
    reviser = next(user for user in users if user["role"] == "LINGUIST")
    phrase.change_job(
        project_uid,
        job["uid"],
        status="NEW",
        dateDue="2030-01-04T17:00:00Z",
        providers=[{"type": "USER", "id": reviser["id"]}],
    )
    phrase.simulator.job(job["uid"], "decline")
    return project_uid, job["uid"], f"user {reviser['uid']}"


def lines(capsys):
    return [line for line in capsys.readouterr().out.splitlines() if "api/" not in line]


@in_each_mode
def test_wait_names_file_language_step_provider_and_due_date(phrase, declined, mode, capsys):
    project_uid, job_uid, name = declined
    with pytest.raises(AirflowSensorTimeout) as caught:
        run(
            PhraseTmsJobStatusSensor,
            mode,
            project_uid=project_uid,
            job_uids=job_uid,
            timeout=0.4,
            poke_interval=0.05,
        )
    told = (
        f"returns.md (de), step 2 Revision, declined by {name}, due Fri 2030-01-04 17:00 UTC, job {job_uid}."
    )
    assert told in str(caught.value)
    (first, *_) = [line for line in lines(capsys) if told in line]
    assert "[warning" in first
    assert "Declined work waits for a provider: assign one in Phrase." in first
    assert re.search(r"Next poll within 0\.05 s; the wait lasts until \w\w\w 20\d\d-.* UTC\.", first)


def test_names_cost_no_request_of_their_own(phrase, declined):
    project_uid, job_uid, _ = declined
    phrase.forget()
    with pytest.raises(AirflowSensorTimeout):
        run(PhraseTmsJobStatusSensor, DEFERRED, project_uid=project_uid, job_uids=job_uid, timeout=0.5)
    assert {request["path"] for request in phrase.sent("GET")} == {
        f"/web/api2/v1/projects/{project_uid}/jobs/{job_uid}"
    }


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_wait_without_news_says_when_it_last_looked(phrase, mode, monkeypatch, capsys):
    monkeypatch.setattr("phrase_provider.waiting.wait_log.REPORT_EVERY", 0.3)
    monkeypatch.setattr("phrase_provider.waiting.hub.waiter.REPORT_EVERY", 0.3)
    project_uid, uids = phrase.jobs("de")
    job = {"project_uid": project_uid, "job_uids": uids}
    with pytest.raises(AirflowSensorTimeout):
        run(PhraseTmsJobStatusSensor, mode, timeout=2.5, poke_interval=0.1, **job)
    still = [line for line in lines(capsys) if "Still waiting for job" in line]
    assert len(still) >= 2
    assert re.search(rf"\d+ polls, the last at {AT}\. Last seen: .*a\.md \(de\)", still[-1])
    assert re.search(r"Next poll within 0\.1 s; the wait lasts until ", still[0])


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_report_tells_that_the_last_look_failed(phrase, connect, mode, monkeypatch, capsys):
    monkeypatch.setattr("phrase_provider.waiting.wait_log.REPORT_EVERY", 0.3)
    monkeypatch.setattr("phrase_provider.waiting.hub.waiter.REPORT_EVERY", 0.3)
    connect(retries=0)
    project_uid, uids = phrase.jobs("de")
    phrase.simulator.fault(path="/jobs/", status=503, times=None)
    job = {"project_uid": project_uid, "job_uids": uids}
    with pytest.raises(AirflowSensorTimeout):
        run(PhraseTmsJobStatusSensor, mode, timeout=2.5, poke_interval=0.1, **job)
    still = [line for line in lines(capsys) if "Still waiting for job" in line]
    assert re.search(rf"the last at {AT}, which failed: .*503.*Last seen: nothing yet\.", still[-1])


def test_each_look_in_reschedule_mode_is_told(phrase, capsys):
    project_uid, uids = phrase.jobs("de")
    with pytest.raises(AirflowSensorTimeout):
        run(
            PhraseTmsJobStatusSensor,
            "reschedule",
            project_uid=project_uid,
            job_uids=uids,
            timeout=0.4,
            poke_interval=0.05,
        )
    told = [line for line in lines(capsys) if "Open: a.md (de), " in line and "Next poll within" in line]
    assert len(told) >= 2


def test_export_that_takes_long_says_that_it_still_waits(
    phrase, monkeypatch, tmp_path, after_request, capsys
):
    monkeypatch.setattr("phrase_provider.waiting.wait_log.REPORT_EVERY", 0.2)
    project_uid, (job_uid,) = phrase.jobs("de")
    phrase.simulator.job(job_uid, "complete")
    # At least 80 ms lie between two.
    after_request(r"/async/\d+$", phrase.finish_exports, count=5)
    run(
        PhraseTmsExportTargetFileOperator,
        project_uid=project_uid,
        job_uid=job_uid,
        target_path=str(tmp_path / "a.md"),
        poll_interval=0.1,
    )
    assert any("Still waiting for the end of async request" in line for line in lines(capsys))


@in_each_mode
def test_wait_for_an_import_names_the_file(phrase, mode):
    project_uid = phrase.project("de")
    uids = phrase.upload(project_uid)
    with pytest.raises(
        AirflowSensorTimeout, match=r"1 RUNNING\. Open: a\.md \(de\), step 1 Translation, job "
    ):
        run(
            PhraseTmsJobsImportedSensor,
            mode,
            project_uid=project_uid,
            job_uids=uids,
            timeout=0.3,
            poke_interval=0.05,
        )


def test_one_task_object_waits_anew_each_time(phrase, capsys):
    # As dag.test() has it, when it is called twice in one process.
    project_uid, uids = phrase.jobs("de")
    task = PhraseTmsJobStatusSensor(
        task_id="task", project_uid=project_uid, job_uids=uids, timeout=0.4, poke_interval=0.05
    )
    for _ in range(2):
        with pytest.raises(AirflowSensorTimeout, match=r"1 NEW\. Open: a\.md"):
            task.execute(context())
        told = [line for line in lines(capsys) if "1 job parts, waiting for COMPLETED" in line]
        assert "Next poll within 0.05 s" in told[0]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.05, "0.05 s"), (9.5, "9.5 s"), (30, "30 s"), (119, "119 s"), (300, "5 min"), (7200, "2 h")],
)
def test_length_of_time_is_told_in_a_fitting_unit(seconds, told):
    assert duration(seconds) == told
