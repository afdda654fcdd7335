"""One poll of the status of jobs, and what it means."""

from __future__ import annotations

import logging

import pytest

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseJobStatusError
from phrase_provider.waiting.tms.job_status import JobsReachedStatus

V1 = "https://tms.test/web/api2/v1/projects/p1"
V2 = "https://tms.test/web/api2/v2/projects/p1/jobs"


@pytest.fixture
def statuses(parts):
    def register(**by_uid):
        parts(**{uid: {"status": status} for uid, status in by_uid.items()})

    return register


@pytest.fixture
def wait(client):
    """One poll of parts ``j1`` to ``j3`` and a status."""

    def look(status=JobStatus.COMPLETED, uids=("j1", "j2", "j3"), **options):
        return JobsReachedStatus("p1", uids, status, **options).check(client)

    return look


def test_status_is_reached(wait, statuses):
    statuses(j1="COMPLETED", j2="DELIVERED", j3="COMPLETED")
    result = wait()
    assert result.done
    assert result.result == {
        "project_uid": "p1",
        "status": "COMPLETED",
        "counts": {"COMPLETED": 2, "DELIVERED": 1},
    }


def test_open_work_is_named(wait, statuses):
    statuses(j1="COMPLETED", j2="NEW", j3="ACCEPTED")
    result = wait()
    assert (result.done, result.error, result.attention) == (False, None, False)
    assert result.progress == (
        "3 job parts, waiting for COMPLETED: 1 ACCEPTED, 1 COMPLETED, 1 NEW. "
        "Open: j2.md, new, job j2; j3.md, accepted, job j3."
    )


@pytest.mark.parametrize(
    ("sent_back", "next_step"),
    [
        ("REJECTED", "Rejected work waits until it is completed again."),
        ("DECLINED", "Declined work waits for a provider: assign one in Phrase."),
    ],
)
def test_work_that_is_sent_back_goes_on_and_is_seen(wait, statuses, sent_back, next_step, caplog):
    statuses(j1="COMPLETED", j2=sent_back, j3="COMPLETED")
    result = wait()
    assert (result.done, result.error, result.attention) == (False, None, True)
    result.log(logging.getLogger("wait"))
    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "wait"]
    assert told == [("WARNING", f"{result.progress} {next_step}")]


def test_new_work_that_nobody_is_assigned_to_is_seen(client, parts):
    parts(
        j1={"status": "NEW", "imported": True},
        j2={"status": "NEW", "imported": True, "providers": [{"type": "USER", "id": "21"}]},
        j3={"status": "NEW", "importStatus": {"status": "RUNNING"}},
    )
    result = JobsReachedStatus("p1", ["j1", "j2", "j3"], JobStatus.COMPLETED).check(client)
    assert not result.attention
    assert result.next_step == (
        "Phrase shows nobody who is assigned to 1 of them: new jobs without provider stand still."
    )


def test_work_that_is_sent_back_is_named_first(wait, statuses):
    statuses(j1="NEW", j2="ACCEPTED", j3="DECLINED")
    assert "Open: j3.md, declined, job j3; j1.md, new" in wait().progress


@pytest.mark.parametrize("sent_back", ["REJECTED", "DECLINED"])
def test_work_that_is_sent_back_fails_on_request(wait, statuses, sent_back):
    statuses(j1="COMPLETED", j2=sent_back, j3="DELIVERED")
    result = wait(fail_on_rework=True)
    assert isinstance(result.error, PhraseJobStatusError)
    assert f"1 of 3 job parts cannot reach COMPLETED: j2 is {sent_back}" in str(result.error)


def test_cancelled_job_leaves_the_others_alone(wait, statuses):
    statuses(j1="CANCELLED", j2="NEW", j3="COMPLETED")
    result = wait()
    assert (result.done, result.error) == (False, None)
    assert result.progress.endswith("Open: j2.md, new, job j2.")


def test_cancelled_job_is_a_failure_when_the_others_are_there(wait, statuses):
    statuses(j1="CANCELLED", j2="COMPLETED", j3="COMPLETED")
    result = wait()
    assert not result.done
    assert "1 of 3 job parts cannot reach COMPLETED: j1 is CANCELLED" in str(result.error)


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.REJECTED, JobStatus.DECLINED])
@pytest.mark.parametrize("fail_on_rework", [False, True])
def test_any_status_can_be_waited_for(wait, statuses, status, fail_on_rework):
    statuses(j1=status, j2=status, j3=status)
    result = wait(status, fail_on_rework=fail_on_rework)
    assert result.done
    assert result.result["counts"] == {status: 3}


def test_status_that_phrase_may_add_is_open(wait, statuses):
    statuses(j1="ON_THE_MOON", j2="COMPLETED", j3="COMPLETED")
    assert not wait().done
    assert wait().error is None


def test_split_job_waits_for_all_its_parts(wait, parts, requests_mock):
    parts(j1={"status": "COMPLETED", "isParentJobSplit": True})
    both = [{"uid": "j1", "status": "COMPLETED"}, {"uid": "j2", "status": "NEW"}]
    requests_mock.get(f"{V1}/jobs/j1/parts", json=both)
    result = wait(uids=["j1"])
    assert not result.done
    open_part = "a file without a name, new, job j2"
    assert result.progress == f"2 job parts, waiting for COMPLETED: 1 COMPLETED, 1 NEW. Open: {open_part}."


def test_all_jobs_of_a_project_are_those_of_the_highest_level(wait, requests_mock, page):
    requests_mock.get(V1, json={"uid": "p1", "workflowSteps": [{"workflowLevel": 1}, {"workflowLevel": 2}]})
    requests_mock.get(V2, json=page({"uid": "j1", "status": "COMPLETED"}))
    assert wait(uids=None).done
    assert requests_mock.last_request.qs["workflowlevel"] == ["2"]


def test_project_without_jobs_is_not_done(wait, requests_mock, page):
    requests_mock.get(V1, json={"uid": "p1"})
    requests_mock.get(V2, json=page())
    result = wait(uids=None)
    assert (result.done, result.error) == (False, None)
    assert result.progress == "0 job parts, waiting for COMPLETED: none yet"


def test_progress_stays_short(wait, requests_mock, page):
    requests_mock.get(V1, json={"uid": "p1"})
    requests_mock.get(V2, json=page(*[{"uid": f"j{number}", "status": "NEW"} for number in range(45)]))
    result = wait(uids=None)
    assert result.progress.endswith("j9 and 35 more.")
    assert len(result.progress) < 500


def test_quiet_progress_is_an_info(wait, statuses, caplog):
    caplog.set_level(logging.INFO)
    statuses(j1="NEW", j2="NEW", j3="NEW")
    wait().log(logging.getLogger("wait"))
    assert [record.levelname for record in caplog.records if record.name == "wait"] == ["INFO"]
