from __future__ import annotations

import pytest

from phrase_provider.services.tms.updates.source_jobs import SourceJobs, read_parts

API = "https://tms.test/web/api2"
PROJECT = {"uid": "p1", "workflowSteps": [{"id": 71, "workflowLevel": 1}, {"id": 72, "workflowLevel": 2}]}


def part(uid, number, level, lang="de", name="index.md"):
    return {
        "uid": uid,
        "innerId": str(number),
        "filename": name,
        "originalFileDirectory": f"folder{number}",
        "targetLang": lang,
        "workflowStep": {"workflowLevel": level},
        "status": "NEW",
    }


@pytest.fixture
def pages(requests_mock, page):
    """Pages of the list of a project, by workflow level."""

    def register(**levels):
        def answer(request, _):
            own = levels[f"level{request.qs['workflowlevel'][0]}"]
            number = int(request.qs["pagenumber"][0])
            return page(*own[number], number=number, total=len(own))

        requests_mock.get(f"{API}/v2/projects/p1/jobs", json=answer)

    return register


def asked(requests_mock):
    return [
        (request.qs["workflowlevel"][0], request.qs["pagenumber"][0])
        for request in requests_mock.request_history
        if request.path.endswith("/jobs")
    ]


def test_a_common_name_is_listed_as_far_as_is_needed(client, requests_mock, pages):
    def numbered(level):
        return [[part(f"l{level}-{n}", n, level) for n in range(50 * i, 50 * i + 50)] for i in range(3)]

    pages(level1=numbered(1), level2=numbered(2))
    [job] = SourceJobs(client, PROJECT).find("index.md", {"de": "l2-60"})
    assert [each["uid"] for each in job.parts] == ["l1-60", "l2-60"]
    assert asked(requests_mock) == [("2", "0"), ("2", "1"), ("1", "0"), ("1", "1")]


def test_languages_of_a_file_are_found_together(client, requests_mock, pages):
    pages(
        level1=[[part("de1", 1, 1), part("fr1", 2, 1, "fr")]],
        level2=[[part("fr2", 2, 2, "fr"), part("de2", 1, 2)]],
    )
    jobs = SourceJobs(client, PROJECT).find("index.md", {"de": "de2", "fr": "fr2"})
    assert {job.target_lang: job.first["uid"] for job in jobs} == {"de": "de1", "fr": "fr1"}
    assert len(asked(requests_mock)) == 2


def test_a_job_that_does_not_exist_has_no_parts(client, requests_mock, pages):
    pages(level1=[[part("de1", 1, 1)]], level2=[[part("de2", 1, 2)]])
    requests_mock.get(f"{API}/v1/projects/p1/jobs/gone", status_code=404, json={"errorCode": "NotFound"})
    jobs = SourceJobs(client, PROJECT).find("index.md", {"de": "de2", "fr": "gone"})
    assert [len(job.parts) for job in jobs] == [2, 0]


def test_a_renamed_job_is_found_by_its_new_name(client, requests_mock, pages):
    renamed = part("de2", 1, 2, name="start.md")
    pages(level1=[[part("de1", 1, 1, name="start.md")]], level2=[[renamed]])
    requests_mock.get(f"{API}/v1/projects/p1/jobs/de2", json={**renamed, "workflowLevel": 2})
    [job] = SourceJobs(client, PROJECT).find("index.md", {"de": "de2"})
    assert [each["uid"] for each in job.parts] == ["de1", "de2"]


def test_parts_of_which_the_search_tells_too_little_are_read_alone(client, requests_mock):
    whole = {"uid": "a", "status": "NEW", "importStatus": {"status": "OK"}, "updateSourceDate": None}
    search = {"jobs": [whole, {"uid": "b", "status": "NEW"}]}
    requests_mock.post(f"{API}/v1/projects/p1/jobs/search", json=search)
    requests_mock.get(f"{API}/v1/projects/p1/jobs/b", json={**whole, "uid": "b"})
    assert [each["uid"] for each in read_parts(client, "p1", ["a", "b", "gone"])] == ["a", "b"]
    assert requests_mock.call_count == 2
