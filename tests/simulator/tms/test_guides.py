"""What Phrase's guides name and its specification does not."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from phrase_provider.simulator.process import SimulatorProcess


@pytest.fixture(scope="module")
def standing_simulator(tmp_path_factory):
    """A simulator with a log of its own: the recorded traffic keeps to the specification."""
    log = tmp_path_factory.mktemp("log") / "access.jsonl"
    with SimulatorProcess(speed=0, access_log=log) as simulator:
        yield simulator


def job(phrase, project, **options):
    """Create a job; gives its uid."""
    uid = phrase.upload(project, **options).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    return uid


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_enums_of_bodies_are_read_in_any_case(phrase, spelled):
    project = phrase.project(steps=2, targetLangs=["de"])["uid"]
    uid = job(phrase, project)
    assert phrase.set_status(project, uid, spelled("completed")).status_code == 204
    assert phrase.job(project, uid)["status"] == "COMPLETED"
    path = f"v1/projects/{project}/setStatus"
    assert phrase.call("POST", path, json={"status": spelled("cancelled")}).status_code == 204
    assert phrase.get(f"v1/projects/{project}").json()["status"] == "CANCELLED"
    hook = {"url": "http://h", "events": [spelled("job_created")], "status": spelled("disabled")}
    told = phrase.call(
        "POST", "v2/webhooks", json={**hook, "secretTokenType": spelled("authorization")}
    ).json()
    assert (told["events"], told["status"]) == (["JOB_CREATED"], "DISABLED")
    assert told["secretTokenType"] == "AUTHORIZATION"
    body = {"jobs": [{"uid": uid}], "type": spelled("preanalyse")}
    assert phrase.call("POST", "v1/analyses/byLanguages", json=body).status_code == 200
    body = {"jobs": [{"uid": uid}], "preTranslateSettings": {}, "segmentFilters": [spelled("not_locked")]}
    assert phrase.call("POST", f"v3/projects/{project}/jobs/preTranslate", json=body).status_code == 202


def test_enums_of_headers_are_read_in_any_case(phrase):
    project = phrase.project(targetLangs=["de"])["uid"]
    provider = {"type": "user", "id": "21"}
    uid = job(phrase, project, assignments=[{"targetLang": "de", "providers": [provider]}])
    assert [found["type"] for found in phrase.job(project, uid)["providers"]] == ["USER"]


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_enums_of_queries_are_read_in_any_case(phrase, spelled):
    project = phrase.project(targetLangs=["de"])["uid"]
    job(phrase, project)
    templates = [template["templateName"] for template in phrase.templates()]
    query = {"sort": spelled("templateName"), "direction": spelled("desc")}
    found = phrase.get("v1/projectTemplates", **query).json()["content"]
    assert [template["templateName"] for template in found] == templates[::-1]
    assert len(phrase.jobs(project, status=[spelled("new"), spelled("completed")])) == 1
    assert phrase.jobs(project, status=spelled("completed")) == []
    query = {"statuses": spelled("new"), "sort": spelled("date_created"), "order": spelled("desc")}
    assert phrase.get("v1/projects", **query).json()["totalElements"] == 1
    assert phrase.get("v1/users", role=spelled("linguist")).json()["totalElements"] == 3
    assert phrase.get("v1/emailTemplates", type=spelled("jobassigned")).json()["totalElements"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda phrase, project: phrase.set_status(project, job(phrase, project), "COMPLETE"),
        lambda phrase, project: phrase.get(f"v2/projects/{project}/jobs", status="NEW "),
        lambda phrase, project: phrase.get("v1/projects", order="DOWN"),
        lambda phrase, _: phrase.call("POST", "v2/webhooks", json={"url": "http://h", "events": [5]}),
    ],
)
def test_values_of_no_enum_are_refused(phrase, answer):
    refused = answer(phrase, phrase.project()["uid"])
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "InvalidArguments")


def post_form(phrase, path, files, disposition=None, **metadata):
    headers = {"Memsource": json.dumps(metadata)}
    if disposition:
        headers["Content-Disposition"] = disposition
    return phrase.call("POST", path, files=files, headers=headers)


@pytest.mark.parametrize(
    ("sent", "disposition", "name"),
    [
        ("a b.txt", None, "a b.txt"),
        ("docs/a.txt", None, "a.txt"),
        ("other.bin", f"filename*=UTF-8''{quote('ä.txt')}", "ä.txt"),
    ],
)
def test_files_of_forms_become_jobs(phrase, sent, disposition, name):
    project = phrase.project()["uid"]
    files = {"file": (sent, b"Hello\nworld\n", "text/plain")}
    path = f"v1/projects/{project}/jobs"
    answer = post_form(phrase, path, files, disposition, targetLangs=["de", "fr"])
    assert answer.status_code == 201
    assert [made["filename"] for made in answer.json()["jobs"]] == [name, name]
    original = phrase.get(f"{path}/{answer.json()['jobs'][0]['uid']}/original")
    assert original.content == b"Hello\nworld\n"


def test_files_of_forms_replace_sources_and_targets(phrase):
    project = phrase.project(targetLangs=["de"])["uid"]
    uid = job(phrase, project, name="a.txt")
    path, files = f"v1/projects/{project}/jobs", {"anything": ("a.txt", b"New\n")}
    for kind, status in (("source", 200), ("target", 202)):
        answer = post_form(phrase, f"{path}/{kind}", files, jobs=[{"uid": uid}])
        assert answer.status_code == status
        phrase.simulator.advance(20)
    assert phrase.get(f"{path}/{uid}/original").content == b"New\n"


@pytest.mark.parametrize(
    "files",
    [
        {"file": ("a.txt", b"")},
        {"file": (None, b"text")},
        {"one": ("a.txt", b"x"), "two": ("b.txt", b"y")},
    ],
)
def test_form_must_have_one_file(phrase, files):
    project = phrase.project()["uid"]
    answer = post_form(phrase, f"v1/projects/{project}/jobs", files, targetLangs=["de"])
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert phrase.jobs(project) == []


def test_other_bodies_of_uploads_are_refused(phrase):
    project = phrase.project()["uid"]
    headers = {"Memsource": '{"targetLangs": ["de"]}', "Content-Disposition": "filename=a.txt"}
    headers["Content-Type"] = "text/plain"
    answer = phrase.call("POST", f"v1/projects/{project}/jobs", data=b"x", headers=headers)
    assert answer.status_code == 415


def test_translation_memories_are_listed_at_the_former_address(phrase):
    body = {"name": "TM", "sourceLang": "en", "targetLangs": ["de"]}
    made = [phrase.call("POST", "v1/transMemories", json=body).json() for _ in range(2)]
    listed = phrase.get("v1/transMemories").json()
    assert listed["content"] == made
    assert (listed["numberOfElements"], listed["totalElements"], listed["pageSize"]) == (2, 2, 50)
    assert phrase.get("v1/transMemories", pageSize=1, pageNumber=1).json()["content"] == made[1:]
    assert phrase.get("v1/transMemories", pageSize=51).status_code == 400


def test_pages_of_parts(phrase):
    project = phrase.project(steps=2)["uid"]
    path = f"v1/projects/{project}/jobs/{job(phrase, project)}/parts"
    second = phrase.get(path, pageSize=1, pageNumber=1).json()
    assert [part["workflowLevel"] for part in second["content"]] == [2]
    assert phrase.get(path, pageSize=51).status_code == 400
