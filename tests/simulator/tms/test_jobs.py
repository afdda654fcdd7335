from __future__ import annotations

import json

import pytest


def test_one_file_in_two_steps_and_three_languages_gives_six_parts(phrase):
    project = phrase.project(steps=2)
    answer = phrase.upload(project["uid"], "grüße.txt", targetLangs=["de", "fr", "pt_br"], path="docs/a")
    created = answer.json()
    assert answer.status_code == 201
    assert {(job["targetLang"], job["workflowLevel"]) for job in created["jobs"]} == {
        (language, level) for language in ("de", "fr", "pt_br") for level in (1, 2)
    }
    assert {job["filename"] for job in created["jobs"]} == {"grüße.txt"}
    assert len({job["sourceFileUid"] for job in created["jobs"]}) == 1
    assert created["asyncRequest"]["action"] == "IMPORT_JOB"
    assert created["unsupportedFiles"] == []

    read = phrase.job(project["uid"], created["jobs"][1]["uid"])
    assert read["importStatus"] == {"status": "RUNNING", "errorMessage": None}
    assert (read["imported"], read["wordsCount"], read["originalFileDirectory"]) == (False, -1, "docs/a")
    assert (read["workflowLevel"], read["lastWorkflowLevel"]) == (2, 2)
    assert read["project"] == {"name": "Project", "uid": project["uid"]}


def test_steps_of_a_language_share_their_inner_id_and_reference(phrase):
    uid = phrase.project(steps=2)["uid"]
    phrase.upload(uid, targetLangs=["de", "fr"])
    parts = [
        phrase.job(uid, item["uid"]) for level in (1, 2) for item in phrase.jobs(uid, workflowLevel=level)
    ]
    assert [part["innerId"] for part in parts] == ["1", "2", "1", "2"]
    assert len({part["jobReference"]["uid"] for part in parts}) == 2


def test_list_defaults_to_the_first_level_and_filters(phrase):
    uid = phrase.project(steps=2)["uid"]
    phrase.upload(uid, "a.txt", targetLangs=["de", "fr"])
    phrase.upload(uid, "b.txt", targetLangs=["de"])
    phrase.simulator.advance(20)
    first = phrase.jobs(uid)
    assert {job["workflowStep"]["workflowLevel"] for job in first} == {1}
    assert len(first) == 3
    assert len(phrase.jobs(uid, workflowLevel=2)) == 3
    assert phrase.jobs(uid, workflowLevel=3) == []
    assert [job["filename"] for job in phrase.jobs(uid, targetLang="de", filename="b.txt")] == ["b.txt"]
    assert phrase.jobs(uid, status=["DELIVERED", "CANCELLED"]) == []
    assert phrase.jobs(uid, notReady="true") == []
    counted = phrase.get(f"v2/projects/{uid}/jobs", count="true").json()
    assert counted["totalElements"] == 3
    assert "content" not in counted
    assert phrase.get(f"v2/projects/{uid}/jobs", status="OPEN").status_code == 400


def test_providers_and_due_dates_come_from_the_steps_settings(phrase):
    project = phrase.project(steps=2)
    revision = str(project["workflowSteps"][1]["id"])
    phrase.upload(
        project["uid"],
        workflowSettings=[
            {
                "id": revision,
                "due": "2027-01-02T03:04:05Z",
                "assignments": [{"targetLang": "de", "providers": [{"type": "USER", "id": "22"}]}],
            }
        ],
    )
    found = phrase.jobs(project["uid"], workflowLevel=2, assignedUser=22)
    assert [job["dateDue"] for job in found] == ["2027-01-02T03:04:05+0000"]
    assert [(given["type"], given["id"], len(given["uid"])) for given in found[0]["providers"]] == [
        ("USER", "22", 22)
    ]
    assert phrase.jobs(project["uid"], assignedUser=22) == []


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"targetLangs": []}, "targetLangs"),
        ({"targetLangs": ["sv"]}, "targetLangs must match project"),
        ({"targetLangs": ["pt-BR"]}, "contains unsupported locale."),
        ({"targetLangs": ["de", "de"]}, "twice"),
        ({"path": "x" * 256}, "path"),
        ({"due": "tomorrow"}, "due"),
        ({"importSettings": {"uid": "x"}, "useProjectFileImportSettings": True}, "exclude"),
        ({"workflowSettings": [{"id": "1", "assignments": []}]}, "workflowSettings"),
        ({"assignments": [{"providers": [{"type": "USER", "id": "7"}]}]}, "no provider USER 7"),
    ],
)
def test_upload_refuses_metadata(phrase, metadata, text):
    uid = phrase.project()["uid"]
    answer = phrase.upload(uid, **metadata)
    assert answer.status_code == 400
    assert text in answer.json()["errorDescription"]
    assert phrase.jobs(uid) == []


def test_upload_accepts_further_metadata(phrase):
    answer = phrase.upload(phrase.project()["uid"], sourceData={"clientType": "AIRFLOW"})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("disposition", "metadata", "named"),
    [
        ("filename=a.txt", None, "Memsource"),
        ("filename=a.txt", "{", "Memsource"),
        ("filename=a.txt", "[]", "Memsource"),
        ("filename=a.txt", '{"targetLangs": ["de"], "path": "é"}'.encode(), "Memsource"),
        ("attachment", '{"targetLangs": ["de"]}', "Content-Disposition"),
        ("form-data; filename=a.txt", '{"targetLangs": ["de"]}', "Content-Disposition"),
        ("filename*=UTF-8''", '{"targetLangs": ["de"]}', "Content-Disposition"),
        ("filename*=UTF-8''%FF.txt", '{"targetLangs": ["de"]}', "Content-Disposition"),
        ("filename*=ISO-8859-1''%E4.txt", '{"targetLangs": ["de"]}', "Content-Disposition"),
        (f"filename={'a' * 5000}.txt", '{"targetLangs": ["de"]}', "Content-Disposition"),
        (None, '{"targetLangs": ["de"]}', "Content-Disposition"),
    ],
)
def test_upload_refuses_headers_and_names_them(phrase, disposition, metadata, named):
    path = f"v1/projects/{phrase.project()['uid']}/jobs"
    headers = {"Content-Disposition": disposition, "Memsource": metadata}
    answer = phrase.call("POST", path, data=b"x", headers=headers)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert named in answer.json()["errorDescription"]


@pytest.mark.parametrize(
    "disposition",
    [
        "filename=a b.txt",
        'filename="a b.txt"',
        "inline; filename*=UTF-8''a%20b.txt",
        "attachment; filename=a b.txt",
    ],
)
def test_upload_reads_every_documented_file_name(phrase, disposition):
    assert named(phrase, disposition) == "a b.txt"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt", "a b.txt"),
        ("attachment; filename*=UTF-8''%C3%A4.txt; filename=\"a.txt\"", "ä.txt"),
        ("attachment; filename=\"a.txt\"; filename*=utf-8'en'%C3%A4.txt", "ä.txt"),
        ("ATTACHMENT;FileName*=Utf-8''%e2%82%ac.txt", "€.txt"),
        ("filename=\"a.txt\"; filename*=UTF-8''%C3%A4.txt", "ä.txt"),
        ("attachment; filename=\"a.txt\"; filename*=ISO-8859-1''%E4.txt", "a.txt"),
        ("attachment; filename=\"a.txt\"; filename*=UTF-8''%FF.txt", "a.txt"),
        ('attachment; filename="say \\"hi; you\\".txt"; size=3', 'say "hi; you".txt'),
        ('attachment; filename="a=b;c.txt"', "a=b;c.txt"),
        ("attachment; filename*=UTF-8''it%27s%20%22so%22.txt", 'it\'s "so".txt'),
        ("filename*=UTF-8''docs%2Fa.txt", "a.txt"),
        ('filename="100%25.txt"', "100%25.txt"),
    ],
)
def test_upload_reads_file_names_by_rfc_6266(phrase, disposition, name):
    assert named(phrase, disposition) == name


def named(phrase, disposition):
    """Give the name that a job gets from a header."""
    path = f"v1/projects/{phrase.project()['uid']}/jobs"
    headers = {"Content-Disposition": disposition, "Memsource": json.dumps({"targetLangs": ["de"]})}
    answer = phrase.call("POST", path, data=b"x", headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["jobs"][0]["filename"]


def test_unsupported_type_is_an_answer_with_an_async_request(phrase):
    uid = phrase.project()["uid"]
    answer = phrase.upload(uid, "tool.exe", b"MZ")
    assert (answer.status_code, answer.json()["jobs"]) == (201, [])
    assert answer.json()["unsupportedFiles"] == ["tool.exe"]
    assert answer.json()["asyncRequest"]["id"].isdigit()
    assert phrase.jobs(uid) == []


def test_folder_and_name_are_cut_to_255_characters(phrase):
    answer = phrase.upload(phrase.project()["uid"], "n" * 100 + ".txt", path="p" * 200)
    assert answer.json()["jobs"][0]["filename"] == "n" * 55


def test_empty_file_is_refused(phrase):
    assert phrase.upload(phrase.project()["uid"], content=b"").status_code == 400


def test_set_status(phrase):
    uid = phrase.project()["uid"]
    job = phrase.upload(uid).json()["jobs"][0]["uid"]
    refused = phrase.set_status(uid, job, "COMPLETED")
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "JOB_NOT_READY")
    phrase.simulator.advance(20)
    answer = phrase.set_status(uid, job, "DELIVERED")
    assert (answer.status_code, answer.content) == (204, b"")
    assert phrase.job(uid, job)["status"] == "DELIVERED"
    assert phrase.set_status(uid, job, "JOB_NOT_READY").status_code == 400
    legacy = phrase.call("POST", f"v1/projects/{uid}/jobs/{job}/setStatus", json={"status": "DELIVERED"})
    assert legacy.status_code == 400


def test_original_file(phrase):
    uid = phrase.project()["uid"]
    job = phrase.upload(uid, "ä.txt", b"\x00source").json()["jobs"][0]["uid"]
    answer = phrase.get(f"v1/projects/{uid}/jobs/{job}/original")
    assert answer.content == b"\x00source"
    assert answer.headers["Content-Disposition"] == "filename*=UTF-8''%C3%A4.txt"


def test_batch_delete(phrase):
    uid = phrase.project()["uid"]
    jobs = [job["uid"] for job in phrase.upload(uid, targetLangs=["de", "fr"]).json()["jobs"]]
    path = f"v1/projects/{uid}/jobs/batch"
    assert phrase.call("DELETE", path, json={"jobs": [{"uid": jobs[0]}]}).status_code == 204
    assert [job["uid"] for job in phrase.jobs(uid)] == jobs[1:]
    assert phrase.call("DELETE", path, json={"jobs": [{"uid": jobs[0]}]}).status_code == 404
    assert phrase.call("DELETE", path, json={"jobs": []}).status_code == 400
    assert phrase.call("DELETE", path, json={"jobs": [{"uid": "x"}] * 101}).status_code == 400


def test_parts_are_a_page(phrase):
    uid = phrase.project(steps=2)["uid"]
    job = phrase.upload(uid, targetLangs=["de", "fr"]).json()["jobs"][0]["uid"]
    path = f"v1/projects/{uid}/jobs/{job}/parts"
    told = phrase.get(path).json()
    assert [(part["workflowLevel"], part["targetLang"]) for part in told["content"]] == [(1, "de"), (2, "de")]
    assert (told["totalElements"], told["totalPages"], told["pageSize"]) == (2, 1, 50)


def test_parts_can_be_taken_away(phrase):
    uid = phrase.project()["uid"]
    job = phrase.upload(uid).json()["jobs"][0]["uid"]
    phrase.simulator.settings(job_parts=False)
    answer = phrase.get(f"v1/projects/{uid}/jobs/{job}/parts")
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "NotFound")


def test_job_of_another_project_is_not_found(phrase):
    job = phrase.upload(phrase.project()["uid"]).json()["jobs"][0]["uid"]
    assert phrase.get(f"v1/projects/{phrase.project()['uid']}/jobs/{job}").status_code == 404
