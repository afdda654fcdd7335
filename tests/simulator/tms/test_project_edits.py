from __future__ import annotations

import pytest

DUE = "2027-01-31T12:00:00Z"


def apply_async(phrase, **body):
    template = phrase.templates()[1]["uid"]
    return phrase.call(
        "POST", f"v2/projects/applyTemplate/async/{template}", json={"name": "Project", **body}
    )


def test_project_of_an_async_request_appears_at_its_end(phrase):
    answer = apply_async(phrase, targetLangs=["de"], note="marker")
    started = answer.json()["asyncRequest"]
    assert (answer.status_code, answer.json()["reference"]) == (202, None)
    assert (started["action"], started["project"], started["asyncResponse"]) == ("CREATE_PROJECT", None, None)
    assert phrase.get("v1/projects").json()["totalElements"] == 0

    phrase.simulator.advance(5)
    ended = phrase.get(f"v1/async/{started['id']}").json()
    assert ended["asyncResponse"]["errorCode"] is None
    project = phrase.get(f"v1/projects/{ended['project']['uid']}").json()
    assert (project["name"], project["targetLangs"], project["note"]) == ("Project", ["de"], "marker")
    assert project["dateCreated"] == ended["asyncResponse"]["dateCreated"]
    assert [step["name"] for step in project["workflowSteps"]] == ["Translation", "Revision"]


def test_async_creation_refuses_what_the_plain_one_refuses(phrase):
    assert apply_async(phrase, targetLangs=["xx_yy"]).status_code == 400
    assert apply_async(phrase, callback="https://example.com").status_code == 400
    phrase.simulator.settings(pending_limit=0)
    assert apply_async(phrase).status_code == 429


def test_project_without_a_template(phrase):
    body = {
        "name": "Plain",
        "sourceLang": "en",
        "targetLangs": ["de", "fr"],
        "workflowSteps": [{"id": "102"}, {"id": "103"}],
        "purchaseOrder": "4711",
        "client": {"id": "1001"},
        "fileHandover": True,
    }
    answer = phrase.call("POST", "v3/projects", json=body)
    project = phrase.get(f"v1/projects/{answer.json()['uid']}").json()
    assert (answer.status_code, project["template"]) == (201, None)
    assert [step["name"] for step in project["workflowSteps"]] == ["Revision", "Proofreading"]
    assert (project["purchaseOrder"], project["client"]["name"]) == ("4711", "Acme")
    assert project["fileHandoverSettings"] == {"fileHandover": True}


def test_project_without_workflow_steps_has_one_level(phrase):
    body = {"name": "Plain", "sourceLang": "en", "targetLangs": ["de", "fr"]}
    project = phrase.call("POST", "v3/projects", json=body).json()
    jobs = phrase.upload(project["uid"], targetLangs=["de", "fr"]).json()["jobs"]
    assert project["workflowSteps"] == []
    assert [(job["workflowLevel"], job["workflowStep"]) for job in jobs] == [(1, None)] * 2
    assert phrase.job(project["uid"], jobs[0]["uid"])["workflowStep"] is None
    phrase.simulator.advance(300)
    assert phrase.job(project["uid"], jobs[0]["uid"])["status"] == "COMPLETED"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"targetLangs": []},
        {"sourceLang": "English"},
        {"targetLangs": ["de", "de"]},
        {"workflowSteps": [{"id": "1"}]},
        {"customFields": [{"customField": {"uid": "x"}}]},
        {"dateDue": "tomorrow"},
        {"callbackUrl": "https://example.com"},
    ],
)
def test_project_without_a_template_is_refused(phrase, changes):
    body = {"name": "Plain", "sourceLang": "en", "targetLangs": ["de"], **changes}
    assert phrase.call("POST", "v3/projects", json=body).status_code == 400
    assert phrase.get("v1/projects").json()["totalElements"] == 0


def test_put_empties_what_is_not_sent(phrase):
    uid = phrase.project(note="note", dateDue=DUE, client={"id": "1001"})["uid"]
    answer = phrase.call("PUT", f"v3/projects/{uid}", json={"name": "New", "domain": {"id": "2001"}})
    project = phrase.get(f"v1/projects/{uid}").json()
    assert answer.status_code == 200
    assert (project["name"], project["note"], project["dateDue"]) == ("New", None, None)
    assert (project["client"], project["domain"]["name"]) == (None, "Marketing")
    assert phrase.call("PUT", f"v3/projects/{uid}", json={"note": "x"}).status_code == 400


def test_patch_keeps_what_is_not_sent(phrase):
    uid = phrase.project(note="note", dateDue=DUE)["uid"]
    phrase.call("PATCH", f"v1/projects/{uid}", json={"purchaseOrder": "1"})
    project = phrase.call("PATCH", f"v1/projects/{uid}", json={"note": "new"}).json()
    assert (project["note"], project["purchaseOrder"], project["name"]) == ("new", "1", "Project")
    assert project["dateDue"] == "2027-01-31T12:00:00+0000"
    assert phrase.call("PATCH", f"v1/projects/{uid}", json={"note": "x" * 4097}).status_code == 400


def test_archived_project_is_restored(phrase):
    uid = phrase.project()["uid"]
    phrase.call("PATCH", f"v1/projects/{uid}", json={"archived": True})
    assert phrase.get("v1/projects").json()["totalElements"] == 0
    answer = phrase.call("PATCH", f"v1/projects/{uid}/restore")
    assert (answer.status_code, answer.content) == (204, b"")
    assert phrase.get(f"v1/projects/{uid}").json()["archived"] is False
    assert phrase.get("v1/projects").json()["totalElements"] == 1


def test_workflow_steps_of_a_project(phrase):
    project = phrase.project(steps=2)
    path = f"v2/projects/{project['uid']}/workflowSteps"
    assert phrase.get(path).json() == {"projectWorkflowSteps": project["workflowSteps"]}
    assert phrase.get(path, withAssignedJobs="true").json() == {"projectWorkflowSteps": []}
    revision = project["workflowSteps"][1]
    me = phrase.get("v1/auth/whoAmI").json()["user"]["id"]
    phrase.upload(
        project["uid"],
        workflowSettings=[
            {"id": str(revision["id"]), "assignments": [{"providers": [{"type": "USER", "id": me}]}]}
        ],
    )
    assert phrase.get(path, withAssignedJobs="true").json() == {"projectWorkflowSteps": [revision]}


def test_projects_with_jobs_due_are_found(phrase):
    phrase.project(name="Idle")
    uid = phrase.project(name="Busy")["uid"]
    phrase.upload(uid, workflowSettings=[], due="2020-01-01T00:00:00Z")
    found = phrase.get("v1/projects", dueInHours=-1).json()["content"]
    assert [project["name"] for project in found] == ["Busy"]


def test_null_is_as_good_as_nothing_for_new_projects(phrase):
    options = ("workflowSteps", "customFields", "lqaProfiles", "fileHandover", "client", "note", "dateDue")
    body = {"name": "Plain", "sourceLang": "en", "targetLangs": ["de"], **dict.fromkeys(options)}
    answer = phrase.call("POST", "v3/projects", json=body)
    assert (answer.status_code, answer.json()["fileHandoverSettings"]) == (201, {"fileHandover": False})
