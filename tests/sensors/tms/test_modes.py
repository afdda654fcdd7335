"""Each sensor comes to the same end in each mode."""

from __future__ import annotations

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, AirflowSkipException
from task_runs import MODES, context, run

from phrase_provider.exceptions import (
    PhraseAsyncRequestError,
    PhraseImportError,
    PhraseInputError,
    PhraseJobStatusError,
)
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor

pytestmark = pytest.mark.parametrize("mode", MODES)


class Waits:
    """The waits of a test, each with something in Phrase to wait for."""

    def __init__(self, phrase) -> None:
        self.phrase = phrase
        self.project_uid = phrase.project("de", "pt_br")

    def uploaded(self) -> dict[str, object]:
        return {"project_uid": self.project_uid, "job_uids": self.phrase.upload(self.project_uid)}

    def imported(self) -> dict[str, object]:
        uploaded = self.uploaded()
        self.phrase.import_files()
        return uploaded

    def exporting(self) -> dict[str, object]:
        (uid,) = self.imported()["job_uids"]
        return {"async_request_id": self.phrase.client.exports.start(self.project_uid, uid)}


@pytest.fixture
def waits(phrase):
    return Waits(phrase)


@pytest.fixture
def wait(mode):
    def start(sensor, **arguments):
        return run(sensor, mode, **{"poke_interval": 0.05, **arguments})

    return start


def test_import_is_waited_for(phrase, waits, wait, after_request):
    uploaded = waits.uploaded()
    after_request("/jobs/", phrase.import_files)
    assert wait(PhraseTmsJobsImportedSensor, **uploaded) == uploaded


def test_status_is_waited_for(phrase, waits, wait, after_request):
    jobs = waits.imported()
    after_request("/jobs/", phrase.simulator.job, jobs["job_uids"][0], "complete")
    assert wait(PhraseTmsJobStatusSensor, **jobs) == {
        "project_uid": waits.project_uid,
        "status": "COMPLETED",
        "counts": {"COMPLETED": 1},
    }


def test_one_uid_will_do(waits, wait):
    jobs = waits.imported()
    (uid,) = jobs["job_uids"]
    assert wait(PhraseTmsJobsImportedSensor, project_uid=waits.project_uid, job_uids=uid) == jobs


@pytest.mark.parametrize("nested", [lambda row: row, lambda row: [row], lambda row: [[row], [row]]])
def test_rows_will_do(waits, wait, nested):
    jobs = waits.imported()
    row = {"job_uid": jobs["job_uids"][0], "project_uid": waits.project_uid, "target_lang": "de"}
    assert wait(PhraseTmsJobsImportedSensor, **jobs | {"job_uids": nested(row)}) == jobs


@pytest.mark.parametrize("none", [[], "", [[]]])
@pytest.mark.parametrize("sensor", [PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor])
def test_a_job_is_required(phrase, wait, sensor, none):
    with pytest.raises(PhraseInputError, match="No job is given"):
        wait(sensor, project_uid="p", job_uids=none)
    assert phrase.sent() == []


def test_import_of_nothing_is_not_awaited(phrase, wait):
    # What a template gives when the task that creates the jobs was skipped.
    with pytest.raises(PhraseInputError, match="No job is given"):
        wait(PhraseTmsJobsImportedSensor, project_uid="p", job_uids=None)
    assert phrase.sent() == []


def test_what_is_met_is_not_waited_for(phrase, waits, wait):
    jobs = waits.imported()
    phrase.forget()
    wait(PhraseTmsJobsImportedSensor, poke_interval=3600, **jobs)
    assert len(phrase.sent("GET", "/jobs/")) == 1


def _import_error(phrase, waits):
    phrase.simulator.settings(import_error="no filter for this")
    return PhraseTmsJobsImportedSensor, waits.imported(), PhraseImportError, r"a\.md .*no filter for this"


def _export_error(phrase, waits):
    phrase.simulator.settings(export_error="tags are missing")
    export = waits.exporting()
    phrase.finish_exports()
    return PhraseTmsAsyncRequestSensor, export, PhraseAsyncRequestError, "tags are missing"


def _cancelled(phrase, waits):
    jobs = waits.imported()
    phrase.simulator.job(jobs["job_uids"][0], "cancel")
    return PhraseTmsJobStatusSensor, jobs, PhraseJobStatusError, f"{jobs['job_uids'][0]} is CANCELLED"


lost_waits = pytest.mark.parametrize("lost", [_import_error, _export_error, _cancelled])


@lost_waits
def test_lost_wait_fails(phrase, waits, wait, lost):
    sensor, arguments, error, told = lost(phrase, waits)
    with pytest.raises(error, match=told):
        wait(sensor, **arguments)


@lost_waits
def test_lost_wait_is_skipped_on_request(phrase, waits, wait, lost):
    sensor, arguments, _, told = lost(phrase, waits)
    with pytest.raises(AirflowSkipException, match=told):
        wait(sensor, soft_fail=True, **arguments)


def test_wait_that_is_lost_on_the_way(phrase, waits, wait, after_request):
    uploaded = waits.uploaded()
    after_request("/jobs/", phrase.simulator.job, uploaded["job_uids"][0], "fail-import")
    with pytest.raises(PhraseImportError, match="could not be imported"):
        wait(PhraseTmsJobsImportedSensor, **uploaded)


def test_wait_that_is_lost_on_the_way_is_skipped_on_request(phrase, waits, wait, after_request):
    uploaded = waits.uploaded()
    after_request("/jobs/", phrase.simulator.job, uploaded["job_uids"][0], "fail-import")
    with pytest.raises(AirflowSkipException, match="could not be imported"):
        wait(PhraseTmsJobsImportedSensor, soft_fail=True, **uploaded)


def _unfinished(waits):
    jobs = waits.imported()
    return {
        PhraseTmsAsyncRequestSensor: (waits.exporting(), "EXPORT_COMPLETE_FILE.* is running"),
        PhraseTmsJobStatusSensor: (
            jobs,
            rf"1 NEW\. Open: a\.md \(de\), .*, new, job {jobs['job_uids'][0]}\.",
        ),
        PhraseTmsJobsImportedSensor: (waits.uploaded(), "imports: 1 RUNNING"),
    }


@pytest.mark.parametrize(
    "sensor", [PhraseTmsAsyncRequestSensor, PhraseTmsJobStatusSensor, PhraseTmsJobsImportedSensor]
)
def test_timeout_names_what_was_open(waits, wait, sensor):
    arguments, told = _unfinished(waits)[sensor]
    with pytest.raises(AirflowSensorTimeout, match=told):
        wait(sensor, timeout=0.15, **arguments)


def test_timeout_is_skipped_on_request(waits, wait):
    with pytest.raises(AirflowSkipException):
        wait(PhraseTmsJobsImportedSensor, timeout=0.15, soft_fail=True, **waits.uploaded())


def test_wrong_status_word(phrase, wait):
    with pytest.raises(PhraseInputError, match="no job status 'DONE'"):
        wait(PhraseTmsJobStatusSensor, project_uid="p", job_uids="j", status="DONE")
    assert phrase.sent() == []


def test_links_work_while_the_task_waits(phrase, waits, wait, mode):
    told, jobs = context(), waits.imported()
    run(PhraseTmsJobsImportedSensor, mode, told, **jobs)
    assert told["ti"].xcoms == {
        "phrase_project_url": f"{phrase.simulator.tms_url}/project2/show/{waits.project_uid}",
        "phrase_job_url": f"{phrase.simulator.tms_url}/job/{jobs['job_uids'][0]}/translate",
    }
