from __future__ import annotations

import pytest

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.services.tms.job_statuses import JobReference, NotSet, set_statuses

API = "https://tms.test/web/api2"
REFUSED = {"updated": 1, "errors": [{"code": "AccessDenied", "message": "no right", "args": {}}]}


@pytest.fixture
def parts(requests_mock):
    """Job parts that are read alone, by project and uid; None: there is none."""

    def register(project_uid, **statuses):
        for uid, status in statuses.items():
            url = f"{API}/v1/projects/{project_uid}/jobs/{uid}"
            if status is None:
                requests_mock.get(url, status_code=404, json={"errorCode": "NotFound"})
            else:
                requests_mock.get(url, json={"uid": uid, "status": status})

    return register


def _sent(requests_mock):
    return [request for request in requests_mock.request_history if request.method == "PATCH"]


def test_jobs_of_several_projects_take_one_call_for_each_hundred(client, requests_mock):
    requests_mock.patch(f"{API}/v3/jobs", json={"updated": 100, "errors": []})
    jobs = [JobReference(f"p{number % 3}", f"j{number:03}") for number in range(205)]
    assert set_statuses(client, [*jobs, jobs[0]], JobStatus.DELIVERED) == []
    sizes = [len(request.json()["jobs"]) for request in _sent(requests_mock)]
    assert sizes == [100, 100, 5]
    assert requests_mock.call_count == 3


def test_what_was_refused_is_found_by_reading_the_jobs_of_its_call_again(client, requests_mock, parts):
    requests_mock.patch(f"{API}/v3/jobs", json=REFUSED)
    parts("p1", a="DELIVERED")
    parts("p2", b="COMPLETED")
    jobs = [JobReference("p2", "b"), JobReference("p1", "a")]
    refused = NotSet(JobReference("p2", "b"), "COMPLETED", "AccessDenied: no right")
    assert set_statuses(client, jobs, JobStatus.DELIVERED) == [refused]


def test_a_job_that_does_not_exist_is_told_from_the_others(client, requests_mock, parts):
    requests_mock.patch(f"{API}/v3/jobs", json=REFUSED)
    parts("p1", a="DELIVERED", b=None)
    jobs = [JobReference("p1", "a"), JobReference("p1", "b")]
    [gone] = set_statuses(client, jobs, JobStatus.DELIVERED)
    assert (gone.job.job_uid, gone.status) == ("b", None)


def test_a_smaller_number_without_a_reason_is_looked_into_as_well(client, requests_mock, parts):
    requests_mock.patch(f"{API}/v3/jobs", json={"updated": 0, "errors": []})
    parts("p1", a="ACCEPTED")
    assert set_statuses(client, [JobReference("p1", "a")], JobStatus.DELIVERED) == [
        NotSet(JobReference("p1", "a"), "ACCEPTED", "")
    ]


def test_many_jobs_of_a_call_are_read_from_the_list_of_their_project(client, requests_mock, page):
    refused = {"updated": 3, "errors": [{"code": "NotFound"}]}
    requests_mock.patch(f"{API}/v3/jobs", json=refused)
    requests_mock.get(f"{API}/v1/projects/p1", json={"uid": "p1", "workflowSteps": []})
    listed = [{"uid": f"j{number}", "status": "DELIVERED"} for number in range(3)]
    requests_mock.get(f"{API}/v2/projects/p1/jobs", json=page(*listed, {"uid": "j3", "status": "REJECTED"}))
    requests_mock.get(f"{API}/v1/projects/p1/jobs/j4", status_code=404, json={"errorCode": "NotFound"})
    jobs = [JobReference("p1", f"j{number}") for number in range(5)]
    not_set = set_statuses(client, jobs, JobStatus.DELIVERED)
    assert [(one.job.job_uid, one.status) for one in not_set] == [("j3", "REJECTED"), ("j4", None)]
    assert requests_mock.call_count == 4
