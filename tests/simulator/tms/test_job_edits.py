from __future__ import annotations

import io
import zipfile

import pytest

ADMIN, TRANSLATOR, REVISER, VENDOR = "20", "21", "22", "41"
DUE = "2027-01-31T12:00:00Z"
DUE_READ = "2027-01-31T12:00:00+0000"


@pytest.fixture
def project(phrase):
    phrase.simulator.settings(work_moves=False)
    return phrase.project(steps=2, targetLangs=["de", "fr"])["uid"]


@pytest.fixture
def jobs(phrase, project):
    """Give the uids of imported jobs by language and level."""
    created = phrase.upload(project, content=b"one two\n" * 9, targetLangs=["de", "fr"]).json()["jobs"]
    phrase.simulator.advance(20)
    return {(job["targetLang"], job["workflowLevel"]): job["uid"] for job in created}


def references(*uids):
    return [{"uid": uid} for uid in uids]


def provider(id_, kind="USER"):
    return {"type": kind, "id": id_}


def given(job):
    return [(one["type"], one["id"]) for one in job["providers"]]


def test_search_tells_which_jobs_belong_to_the_project(phrase, project, jobs):
    other = phrase.project()["uid"]
    foreign = phrase.upload(other).json()["jobs"][0]["uid"]
    path = f"v1/projects/{project}/jobs/search"
    answer = phrase.call("POST", path, json={"jobs": references(jobs["de", 2], foreign, "x")})
    assert answer.json() == {"jobs": [phrase.job(project, jobs["de", 2])]}
    assert phrase.call("POST", path, json={"jobs": references(*"x" * 51)}).status_code == 400
    assert phrase.call("POST", path, json={"jobs": []}).status_code == 400


def test_patch_leaves_what_is_not_sent(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['de', 1]}"
    phrase.call("PATCH", path, json={"dateDue": DUE, "providers": [provider(TRANSLATOR)]})
    job = phrase.call("PATCH", path, json={"status": "ACCEPTED"}).json()
    assert (job["status"], job["dateDue"], given(job)) == ("ACCEPTED", DUE_READ, [("USER", TRANSLATOR)])
    assert phrase.job(project, jobs["de", 1]) == job
    assert given(phrase.call("PATCH", path, json={"providers": []}).json()) == []


def test_put_empties_what_is_not_sent(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['de', 1]}"
    full = {"status": "ACCEPTED", "dateDue": DUE, "providers": [provider(VENDOR, "VENDOR")]}
    assert given(phrase.call("PUT", path, json=full).json()) == [("VENDOR", VENDOR)]
    job = phrase.call("PUT", path, json={"status": "COMPLETED"}).json()
    assert (job["status"], job["dateDue"], job["providers"]) == ("COMPLETED", None, [])
    assert phrase.call("PUT", path, json={"dateDue": DUE}).status_code == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"providers": [provider("7")]}, "JobCannotAssignProviders"),
        ({"providers": [provider(TRANSLATOR, "VENDOR")]}, "JobCannotAssignProviders"),
        ({"providers": [{"type": "USER"}]}, "JobCannotAssignProviders"),
        ({"status": "ASSIGNED"}, "InvalidArguments"),
        ({"wordsCount": 1}, "InvalidArguments"),
    ],
)
def test_change_is_refused_as_a_whole(phrase, project, jobs, change, code):
    path = f"v1/projects/{project}/jobs/{jobs['de', 1]}"
    before = phrase.job(project, jobs["de", 1])
    answer = phrase.call("PATCH", path, json={"dateDue": DUE, **change})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)
    assert phrase.job(project, jobs["de", 1]) == before


def test_status_waits_for_the_import(phrase, project):
    job = phrase.upload(project).json()["jobs"][0]["uid"]
    path = f"v1/projects/{project}/jobs/{job}"
    answer = phrase.call("PATCH", path, json={"status": "ACCEPTED"})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "JOB_NOT_READY")
    assert phrase.call("PATCH", path, json={"dateDue": DUE}).status_code == 200


def test_strict_transitions_keep_to_the_usual_way(phrase, project, jobs):
    job = jobs["de", 1]
    assert phrase.set_status(project, job, "DELIVERED").status_code == 204
    phrase.simulator.settings(strict_transitions=True)
    assert phrase.set_status(project, job, "NEW").status_code == 400
    assert phrase.set_status(project, job, "REJECTED").status_code == 204


def test_batch_edit_answers_the_jobs_that_were_changed(phrase, project, jobs):
    importing = phrase.upload(project).json()["jobs"][0]["uid"]
    uids = [jobs["de", 1], jobs["fr", 1]]
    body = {"jobs": references(*uids, importing), "status": "ACCEPTED", "providers": [provider(TRANSLATOR)]}
    path = f"v1/projects/{project}/jobs/batch"
    changed = phrase.call("PUT", path, json=body).json()["jobs"]
    assert [(job["uid"], job["status"], given(job)) for job in changed] == [
        (uid, "ACCEPTED", [("USER", TRANSLATOR)]) for uid in uids
    ]
    assert phrase.job(project, importing)["status"] == "NEW"
    assert phrase.call("PUT", path, json={**body, "jobs": references("x")}).status_code == 404
    assert phrase.call("PUT", path, json={**body, "jobs": references(*["x"] * 101)}).status_code == 400


def test_batch_patch_changes_what_it_can(phrase, project, jobs):
    other = phrase.project()["uid"]
    failed, importing, ready = (
        phrase.upload(other, name).json()["jobs"][0]["uid"] for name in ("a", "b", "c")
    )
    phrase.simulator.job(failed, "fail-import")
    phrase.simulator.job(ready, "accept")
    body = {"jobs": references(jobs["de", 1], failed, importing, ready, "x"), "status": "COMPLETED"}
    answer = phrase.call("PATCH", "v3/jobs", json=body)
    assert (answer.status_code, answer.json()["updated"]) == (200, 2)
    assert [(error["code"], error["args"]["job"]["uid"]) for error in answer.json()["errors"]] == [
        ("JobImportFailed", failed),
        ("JOB_NOT_READY", importing),
        ("NotFound", "x"),
    ]
    assert phrase.job(project, jobs["de", 1])["status"] == "COMPLETED"
    assert phrase.job(other, ready)["status"] == "COMPLETED"


def test_batch_patch_sets_and_clears_the_due_date(phrase, project, jobs):
    body = {"jobs": references(jobs["de", 1])}
    phrase.call("PATCH", "v3/jobs", json={**body, "dateDue": DUE})
    assert phrase.job(project, jobs["de", 1])["dateDue"] == DUE_READ
    phrase.call("PATCH", "v3/jobs", json={**body, "clearDateDue": True})
    assert phrase.job(project, jobs["de", 1])["dateDue"] is None
    both = phrase.call("PATCH", "v3/jobs", json={**body, "dateDue": DUE, "clearDateDue": True})
    assert both.status_code == 400
    unknown = phrase.call("PATCH", "v3/jobs", json={**body, "providers": [provider("7")]}).json()
    assert [error["code"] for error in unknown["errors"]] == ["JobCannotAssignProviders"]


def test_batch_delete_checks_purge(phrase, project, jobs):
    path, body = f"v1/projects/{project}/jobs/batch", {"jobs": references(jobs["de", 1])}
    assert phrase.call("DELETE", path, params={"purge": "perhaps"}, json=body).status_code == 400
    assert phrase.call("DELETE", path, params={"purge": "true"}, json=body).status_code == 204
    assert phrase.get(f"v1/projects/{project}/jobs/{jobs['de', 1]}").status_code == 404


def test_status_changes_tell_who_and_when(phrase, project, jobs):
    phrase.simulator.settings(work_moves=True)
    job = jobs["de", 1]
    phrase.call("PATCH", f"v1/projects/{project}/jobs/{job}", json={"providers": [provider(TRANSLATOR)]})
    phrase.set_status(project, job, "ACCEPTED")
    phrase.simulator.advance(140)
    path = f"v1/projects/{project}/jobs/{job}/statusChanges"
    changes = phrase.get(path).json()["statusChanges"]
    assert [(change["status"], change["changedBy"]["id"]) for change in changes] == [
        ("ACCEPTED", ADMIN),
        ("COMPLETED", TRANSLATOR),
    ]
    assert changes[0]["changedDate"] < changes[1]["changedDate"]
    assert phrase.get(path, order="DESC").json()["statusChanges"] == changes[::-1]
    assert phrase.get(path, order="down").status_code == 400


def test_warnings_are_those_of_the_target_file(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['de', 2]}/targetFileWarnings"
    assert phrase.get(path).json() == {"warnings": []}
    export = phrase.export(project, jobs["de", 1]).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    phrase.download(project, jobs["de", 1], export)
    assert phrase.get(path).json() == {"warnings": ["Nothing is translated yet."]}


def test_workflow_step_of_a_job(phrase, project, jobs):
    steps = phrase.get(f"v1/projects/{project}").json()["workflowSteps"]
    assert phrase.get(f"v1/projects/{project}/jobs/{jobs['de', 2]}/workflowStep").json() == steps[1]


@pytest.mark.parametrize(
    ("way", "pieces"),
    [
        ({"partCount": 2}, [(0, 4), (5, 9)]),
        ({"partSize": 4}, [(0, 3), (4, 7), (8, 9)]),
        ({"segmentOrdinals": [1, 6]}, [(0, 0), (1, 5), (6, 9)]),
        ({"wordCount": 9}, [(0, 4), (5, 9)]),
    ],
)
def test_split(phrase, project, jobs, way, pieces):
    answer = phrase.call("POST", f"v1/projects/{project}/jobs/{jobs['de', 1]}/split", json=way)
    assert answer.status_code == 200
    parts = [phrase.job(project, job["uid"]) for job in answer.json()["jobs"]]
    assert [(part["beginIndex"], part["endIndex"]) for part in parts] == pieces
    assert {part["isParentJobSplit"] for part in parts} == {True}
    assert parts[0]["uid"] == jobs["de", 1]
    assert len(phrase.jobs(project, targetLang="de")) == len(pieces)
    assert len(phrase.jobs(project, targetLang="de", workflowLevel=2)) == 1


def test_split_in_all_steps(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['de', 1]}/split"
    answer = phrase.call("POST", path, json={"partCount": 2, "splitAllWorkflowSteps": True})
    assert [job["workflowLevel"] for job in answer.json()["jobs"]] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "way",
    [
        {},
        {"partCount": 2, "partSize": 2},
        {"partCount": 11},
        {"partCount": 1},
        {"partSize": 10},
        {"partSize": -1},
        {"segmentOrdinals": [10]},
        {"segmentOrdinals": [0]},
        {"byDocumentPart": True},
    ],
)
def test_split_is_refused(phrase, project, jobs, way):
    answer = phrase.call("POST", f"v1/projects/{project}/jobs/{jobs['de', 1]}/split", json=way)
    assert answer.status_code == 400
    assert len(phrase.jobs(project, targetLang="de")) == 1


def test_split_by_slides(phrase, project):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as document:
        for number in (1, 2):
            document.writestr(f"ppt/slides/slide{number}.xml", "a\nb\n")
        document.writestr("ppt/presentation.xml", "")
    job = phrase.upload(project, "a.pptx", buffer.getvalue()).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    answer = phrase.call("POST", f"v1/projects/{project}/jobs/{job}/split", json={"byDocumentPart": True})
    assert len(answer.json()["jobs"]) == 2


def test_later_step_waits_for_all_pieces_before_it(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['de', 1]}/split"
    first, second = (job["uid"] for job in phrase.call("POST", path, json={"partCount": 2}).json()["jobs"])
    phrase.simulator.settings(work_moves=True)
    phrase.set_status(project, first, "COMPLETED")
    phrase.set_status(project, second, "CANCELLED")
    phrase.simulator.advance(60)
    assert phrase.job(project, jobs["de", 2])["status"] == "NEW"
    phrase.set_status(project, second, "COMPLETED")
    phrase.simulator.advance(60)
    assert phrase.job(project, jobs["de", 2])["status"] == "ACCEPTED"


def assign(phrase, project, suffix="", steps=2, **options):
    template = phrase.templates()[steps - 1]["uid"]
    path = f"v1/projects/{project}/applyTemplate/{template}/assignProviders{suffix}"
    return phrase.call("POST", path, **options)


def test_template_names_its_providers(phrase):
    template = phrase.get(f"v1/projectTemplates/{phrase.templates()[1]['uid']}").json()
    assert [
        {(one["targetLang"], *given(one)) for one in step["assignedTo"]} >= {("de", ("USER", linguist))}
        for step, linguist in zip(template["workflowSettings"], (TRANSLATOR, REVISER), strict=True)
    ] == [True, True]


def test_providers_of_the_template_get_the_jobs(phrase, project, jobs):
    phrase.call("PATCH", f"v1/projects/{project}/jobs/{jobs['fr', 1]}", json={"providers": [provider("20")]})
    phrase.set_status(project, jobs["fr", 2], "ACCEPTED")
    importing = phrase.upload(project, targetLangs=["de"]).json()["jobs"][0]["uid"]
    answer = assign(phrase, project)
    assert answer.status_code == 200
    assert [(job["uid"], given(job)) for job in answer.json()["jobs"]] == [
        (jobs["de", 1], [("USER", TRANSLATOR)]),
        (jobs["de", 2], [("USER", REVISER)]),
    ]
    assert phrase.job(project, importing)["providers"] == []
    assert assign(phrase, project).json() == {"jobs": []}


def test_providers_of_the_template_get_some_jobs(phrase, project, jobs):
    body = {"jobs": references(jobs["fr", 2])}
    answer = assign(phrase, project, "/forJobParts", json=body)
    assert [given(job) for job in answer.json()["jobs"]] == [[("USER", REVISER)]]
    assert phrase.job(project, jobs["de", 2])["providers"] == []
    assert assign(phrase, project, "/forJobParts", json={"jobs": references("x")}).status_code == 404
    assert assign(phrase, project, "/forJobParts", json={"jobs": []}).status_code == 400


def test_template_with_another_number_of_steps_does_not_fit(phrase, project, jobs):
    assert assign(phrase, project, steps=1).status_code == 400
    assert assign(phrase, project, steps=3).status_code == 400


def test_notified_jobs_are_emailed(phrase, project, jobs):
    assign(phrase, project, "/forJobParts", json={"jobs": references(jobs["de", 1], jobs["de", 2])})
    phrase.set_status(project, jobs["de", 2], "ACCEPTED")
    mail = phrase.get("v1/emailTemplates", type="JobAssigned").json()["content"][0]
    body = {"jobs": references(*jobs.values()), "emailTemplate": {"id": mail["id"]}, "cc": ["a@example.com"]}
    answer = phrase.call("POST", f"v1/projects/{project}/jobs/notifyAssigned", json=body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert {key: phrase.job(project, uid)["status"] for key, uid in jobs.items()} == {
        ("de", 1): "EMAILED",
        ("de", 2): "ACCEPTED",
        ("fr", 1): "NEW",
        ("fr", 2): "NEW",
    }


@pytest.mark.parametrize(("mail", "job"), [("7", None), ("51", "x")])
def test_notification_of_unknown_jobs_or_with_an_unknown_mail(phrase, project, jobs, mail, job):
    body = {"jobs": references(job or jobs["de", 1]), "emailTemplate": {"id": mail}}
    path = f"v1/projects/{project}/jobs/notifyAssigned"
    assert phrase.call("POST", path, json=body).status_code == 404
    del body["emailTemplate"]
    assert phrase.call("POST", path, json=body).status_code == 400


def test_users_are_found_by_the_start_of_their_names(phrase):
    everybody = phrase.get("v1/users").json()["content"]
    assert [user["id"] for user in everybody] == ["20", "21", "22", "23"]
    assert {user["role"] for user in everybody} == {"ADMIN", "LINGUIST"}
    found = phrase.get("v1/users", name="ri", role=["LINGUIST", "GUEST"]).json()["content"]
    assert [user["lastName"] for user in found] == ["Reviser"]
    assert phrase.get("v1/users", lastName="viser").json()["content"] == []
    assert phrase.get("v1/users", role="TRANSLATOR").status_code == 400
