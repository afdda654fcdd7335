from __future__ import annotations

import pytest

DUE = "2026-12-31T23:59:59+0000"


def names(answer):
    return [item.get("templateName") or item["name"] for item in answer.json()["content"]]


def test_templates_have_one_two_and_three_steps(phrase):
    steps = [
        [step["name"] for step in phrase.get(f"v1/projectTemplates/{item['uid']}").json()["workflowSteps"]]
        for item in phrase.templates()
    ]
    assert steps == [
        ["Translation"],
        ["Translation", "Revision"],
        ["Translation", "Revision", "Proofreading"],
    ]


def test_template_list_filters_and_sorts(phrase):
    everything = phrase.get("v1/projectTemplates")
    assert everything.json()["totalElements"] == 3
    assert [set(item) for item in everything.json()["content"]] == [{"templateName", "uid"}] * 3
    assert names(phrase.get("v1/projectTemplates", name="revision"))[0].endswith("and Revision")
    assert len(names(phrase.get("v1/projectTemplates", name="revision"))) == 2
    assert names(phrase.get("v1/projectTemplates", targetLangs=["sv", "pt_br"])) == names(everything)
    assert names(phrase.get("v1/projectTemplates", sourceLangs="de")) == []
    assert names(phrase.get("v1/projectTemplates", direction="asc")) == names(everything)[::-1]


def test_template_that_is_listed_first_has_one_step(phrase):
    """Who takes the first one, as the quick starts of most clients do, has no reviser to wait for."""
    first = phrase.get("v1/projectTemplates").json()["content"][0]
    assert first["templateName"] == "Translation"
    template = phrase.get(f"v1/projectTemplates/{first['uid']}").json()
    assert [step["name"] for step in template["workflowSteps"]] == ["Translation"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"pageSize": 51}, "Maximum value is: 50"),
        ({"pageSize": 0}, "pageSize"),
        ({"sort": "name"}, "sort"),
        ({"direction": "up"}, "direction"),
        ({"pageNumber": "x"}, "pageNumber"),
        ({"pageNumber": -1}, "pageNumber"),
    ],
)
def test_list_refuses_what_the_specification_forbids(phrase, query, text):
    answer = phrase.get("v1/projectTemplates", **query)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert text in answer.json()["errorDescription"]


def test_apply_template_takes_languages_from_the_template(phrase):
    project = phrase.project(steps=2, note="marker", dateDue="2026-12-31T23:59:59Z")
    template = phrase.get(f"v1/projectTemplates/{phrase.templates()[1]['uid']}").json()
    assert project["targetLangs"] == template["targetLangs"]
    assert (project["sourceLang"], project["status"], project["userRole"]) == ("en", "NEW", "ADMIN")
    assert (project["note"], project["dateDue"], project["client"]) == ("marker", DUE, None)
    assert isinstance(project["id"], str)
    assert [(step["workflowLevel"], step["name"]) for step in project["workflowSteps"]] == [
        (1, "Translation"),
        (2, "Revision"),
    ]
    read = phrase.get(f"v1/projects/{project['uid']}").json()
    assert read["template"] == {"templateName": template["templateName"], "uid": template["uid"]}
    assert read["note"] == "marker"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "owner": {"id": "1"}},
        {"name": ""},
        {"name": "x" * 256},
        {"name": None},
        {"name": "x", "targetLangs": ["pt-BR"]},
        {"name": "x", "targetLangs": ["de", "de"]},
        {"name": "x", "client": {"id": "99"}},
        {"name": "x", "workflowSteps": [{"id": "99"}]},
        {"name": "x", "dateDue": "soon"},
    ],
)
def test_apply_template_refuses(phrase, body):
    path = f"v2/projects/applyTemplate/{phrase.templates()[0]['uid']}"
    answer = phrase.call("POST", path, json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert phrase.get("v1/projects").json()["totalElements"] == 0


def test_unknown_ids_are_not_found(phrase):
    project = phrase.project()["uid"]
    missing = [
        phrase.get("v1/projectTemplates/none"),
        phrase.call("POST", "v2/projects/applyTemplate/none", json={"name": "x"}),
        phrase.get("v1/projects/none"),
        phrase.get(f"v1/projects/{project}/jobs/none"),
        phrase.get("v1/async/1"),
        phrase.get("v1/nowhere"),
    ]
    assert [(answer.status_code, answer.json()["errorCode"]) for answer in missing] == [(404, "NotFound")] * 6


def test_project_list_filters_pages_and_sorts(phrase):
    for number in range(3):
        phrase.project(name=f"Batch {number}", targetLangs=["de"] if number else ["fr"])
    first = phrase.get("v1/projects", pageSize=2)
    assert names(first) == ["Batch 0", "Batch 1"]
    page = {key: value for key, value in first.json().items() if key != "content"}
    assert page == {
        "pageNumber": 0,
        "pageSize": 2,
        "numberOfElements": 2,
        "totalElements": 3,
        "totalPages": 2,
    }
    assert names(phrase.get("v1/projects", pageSize=2, pageNumber=1)) == ["Batch 2"]
    assert names(phrase.get("v1/projects", name="tch 1")) == ["Batch 1"]
    assert names(phrase.get("v1/projects", sort="NAME", order="DESC"))[0] == "Batch 2"
    assert names(phrase.get("v1/projects", targetLangs="fr")) == ["Batch 0"]
    assert names(phrase.get("v1/projects", statuses=["NEW", "ASSIGNED"])) == ["Batch 0", "Batch 1", "Batch 2"]
    assert names(phrase.get("v1/projects", statuses="COMPLETED")) == []
    assert phrase.get("v1/projects", statuses="DONE").status_code == 400


def test_patch_changes_only_what_is_sent(phrase):
    path = f"v1/projects/{phrase.project(note='old')['uid']}"
    patched = phrase.call("PATCH", path, json={"name": "New", "status": "ASSIGNED"})
    assert patched.status_code == 200
    project = phrase.get(path).json()
    assert (project["name"], project["status"], project["note"]) == ("New", "ASSIGNED", "old")
    assert phrase.call("PATCH", path, json={"note": None}).json()["note"] is None
    assert phrase.call("PATCH", path, json={"colour": "red"}).status_code == 400


def test_archived_projects_are_listed_on_request(phrase):
    path = f"v1/projects/{phrase.project()['uid']}"
    assert phrase.call("PATCH", path, json={"archived": True}).json()["archived"] is True
    assert names(phrase.get("v1/projects")) == []
    assert names(phrase.get("v1/projects", includeArchived="true")) == ["Project"]
    assert names(phrase.get("v1/projects", archivedOnly="true")) == ["Project"]


def test_set_status_answers_nothing(phrase):
    path = f"v1/projects/{phrase.project()['uid']}"
    answer = phrase.call("POST", f"{path}/setStatus", json={"status": "COMPLETED"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert phrase.get(path).json()["status"] == "COMPLETED"
    assert phrase.call("POST", f"{path}/setStatus", json={"status": "DELIVERED"}).status_code == 400


@pytest.mark.parametrize("purge", ["true", "false"])
def test_delete(phrase, purge):
    path = f"v1/projects/{phrase.project()['uid']}"
    answer = phrase.call("DELETE", path, params={"purge": purge})
    assert (answer.status_code, answer.content) == (204, b"")
    assert phrase.get(path).status_code == 404
    assert names(phrase.get("v1/projects")) == []
