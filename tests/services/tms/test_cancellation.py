from __future__ import annotations

import logging
import time

import pytest

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.services.tms.cancellation import cancel_jobs

SET = {"method": "POST", "path": "/setStatus$"}
LOG = logging.getLogger(__name__)


@pytest.fixture
def cancel(phrase):
    def do(project_uid, job_uids, seconds=5.0):
        phrase.forget()
        began = time.monotonic()
        cancel_jobs(phrase.client, project_uid, job_uids, LOG, seconds=seconds)
        return time.monotonic() - began

    return do


def statuses(phrase, project_uid):
    return sorted(part["status"] for part in phrase.client.jobs.list(project_uid))


def test_what_is_done_or_cancelled_is_left_alone(phrase, cancel):
    project_uid, uids = phrase.jobs("de", "pt_br", "fr", "es", "it")
    for uid, command in zip(uids[:3], ("complete", "cancel", "reject"), strict=True):
        phrase.simulator.job(uid, command)
    phrase.client.jobs.set_status(project_uid, uids[3], JobStatus.DELIVERED)
    cancel(project_uid, uids)
    expected = ["COMPLETED", "CANCELLED", "CANCELLED", "DELIVERED", "CANCELLED"]
    assert [phrase.status(project_uid, uid) for uid in uids] == expected
    assert {request["path"].split("/")[-2] for request in phrase.sent(**SET)} == {uids[2], uids[4]}


def test_all_workflow_steps_and_splits_of_a_job_and_no_other_job(phrase, cancel):
    project_uid = phrase.project("de", "pt_br", steps=2)
    phrase.upload(project_uid, langs=("de", "pt_br"))
    phrase.upload(project_uid, "b.md")
    phrase.import_files()
    job = next(part for part in phrase.client.jobs.list_highest(project_uid) if part["targetLang"] == "de")
    phrase.simulator.job(job["uid"], "split")
    cancel(project_uid, [job["uid"]])
    cancelled = [part for part in phrase.client.jobs.list(project_uid) if part["status"] == "CANCELLED"]
    assert len(cancelled) == len(phrase.sent(**SET)) == 4
    assert {(part["targetLang"], part["filename"]) for part in cancelled} == {("de", "a.md")}


def test_all_jobs_of_a_project(phrase, cancel):
    project_uid, _ = phrase.jobs("de", "pt_br")
    cancel(project_uid, None)
    assert statuses(phrase, project_uid) == ["CANCELLED"] * 2


def test_job_that_cannot_be_cancelled_does_not_hold_up_the_others(phrase, cancel, caplog):
    project_uid, uids = phrase.jobs("de")
    uids += phrase.upload(project_uid, "new.md")
    caplog.set_level("INFO", __name__)
    cancel(project_uid, uids)
    assert statuses(phrase, project_uid) == ["CANCELLED", "NEW"]
    assert f"Job {uids[1]} was not cancelled." in caplog.text
    assert "Cancelled 1 of 2 job parts; 2 were open." in caplog.text


def test_status_that_cannot_be_read_cancels_nothing(phrase, cancel, caplog):
    project_uid, uids = phrase.jobs("de")
    phrase.simulator.fault(path="/jobs$", status=503, times=None)
    cancel(project_uid, uids)
    assert phrase.sent(**SET) == []
    assert "No job was cancelled" in caplog.text


def test_nothing_is_sent_twice(phrase, cancel):
    project_uid, uids = phrase.jobs("de")
    phrase.simulator.fault(**SET, reset_after=True, times=None)
    cancel(project_uid, uids)
    assert len(phrase.sent(**SET)) == 1


@pytest.mark.parametrize("path", ["/jobs$", "/setStatus$"])
def test_phrase_that_hangs_is_not_waited_for(phrase, cancel, caplog, path):
    project_uid, uids = phrase.jobs("de", "pt_br")
    phrase.simulator.fault(path=path, hang=True, times=None)
    assert cancel(project_uid, uids, seconds=0.4) < 1
