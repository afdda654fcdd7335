from __future__ import annotations

import pytest

from phrase_provider.api.tms.projects import (
    source_lang_of,
    target_langs_of,
    workflow_levels,
    workflow_step_ids,
)
from phrase_provider.exceptions import PhraseNotFoundError, PhraseOutcomeUnknownError, PhraseValidationError

URL = "https://tms.test/web/api2/v1/projects"
APPLY = "https://tms.test/web/api2/v2/projects/applyTemplate/t1"


def test_create_sends_only_what_is_given(client, requests_mock):
    requests_mock.post(APPLY, status_code=201, json={"uid": "p1"})
    assert client.projects.create_from_template("t1", name="Größe") == {"uid": "p1"}
    assert requests_mock.last_request.json() == {"name": "Größe"}


def test_create_sends_every_option_under_phrases_name(client, requests_mock):
    requests_mock.post(APPLY, status_code=201, json={"uid": "p1"})
    client.projects.create_from_template(
        "t1",
        name="n",
        source_lang="en",
        target_langs=("de", "pt_br"),
        due="2026-01-31T23:59:59Z",
        note="batch",
    )
    assert requests_mock.last_request.json() == {
        "name": "n",
        "sourceLang": "en",
        "targetLangs": ["de", "pt_br"],
        "dateDue": "2026-01-31T23:59:59Z",
        "note": "batch",
    }


def test_create_with_an_unknown_outcome_is_sent_once(client, requests_mock):
    requests_mock.post(APPLY, status_code=502)
    with pytest.raises(PhraseOutcomeUnknownError):
        client.projects.create_from_template("t1", name="n")
    assert requests_mock.call_count == 1


def test_refused_create_is_no_unknown_outcome(client, requests_mock):
    requests_mock.post(APPLY, status_code=400, json={"errorCode": "InvalidArguments"})
    with pytest.raises(PhraseValidationError, match="InvalidArguments"):
        client.projects.create_from_template("t1", name="n")


def test_get(client, requests_mock):
    requests_mock.get(f"{URL}/p1", json={"uid": "p1", "note": "batch"})
    assert client.projects.get("p1")["note"] == "batch"


def test_unknown_project(client, requests_mock):
    requests_mock.get(f"{URL}/p1", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseNotFoundError):
        client.projects.get("p1")


def test_list_filters_by_part_of_the_name(client, requests_mock, page):
    requests_mock.get(URL, json=page({"uid": "p1"}))
    assert list(client.projects.list("batch 7")) == [{"uid": "p1"}]
    assert requests_mock.last_request.qs["name"] == ["batch 7"]


def test_list_without_a_name_sends_no_filter(client, requests_mock, page):
    requests_mock.get(URL, json=page())
    assert list(client.projects.list()) == []
    assert "name" not in requests_mock.last_request.qs


@pytest.mark.parametrize(("purge", "query"), [(False, {}), (True, {"purge": ["true"]})])
def test_delete(client, requests_mock, purge, query):
    requests_mock.delete(f"{URL}/p1", status_code=204)
    client.projects.delete("p1", purge=purge)
    assert requests_mock.last_request.qs == query


def _listed(requests_mock, page, *projects):
    requests_mock.get(URL, json=page(*projects))
    for project in projects:
        requests_mock.get(
            f"{URL}/{project['uid']}", json=project | {"note": f"marker-{project['uid']}, batch 7"}
        )


def test_projects_with_a_marker_come_oldest_first_whatever_their_names(client, requests_mock, page):
    _listed(
        requests_mock,
        page,
        {"uid": "p3", "id": "30", "name": "Web", "dateCreated": "2026-01-03T00:00:00+0000"},
        {"uid": "p10", "id": "10", "name": "Web", "dateCreated": "2026-01-02T00:00:00+0000"},
        {"uid": "p9", "id": "9", "name": "Web", "dateCreated": "2026-01-02T00:00:00+0000"},
        {"uid": "p1", "id": "1", "name": "Webshop", "dateCreated": "2026-01-04T00:00:00+0000"},
    )

    def found(marker):
        return [project["uid"] for project in client.projects.list_with_marker("Web", marker)]

    assert found("batch 7") == ["p9", "p10", "p3", "p1"]
    assert found("marker-p3") == ["p3"]
    assert found("marker-p1,") == ["p1"]
    assert found("batch 8") == []
    lists = [sent for sent in requests_mock.request_history if sent.path.endswith("/projects")]
    assert {sent.qs["includearchived"][0] for sent in lists} == {"true"}


@pytest.mark.parametrize("steps", [None, []])
def test_project_without_workflow_has_one_level(steps):
    assert workflow_levels({"workflowSteps": steps}) == [1]
    assert workflow_levels({}) == [1]


def test_languages_and_steps_are_those_that_phrase_shows():
    project = {"uid": "p1", "sourceLang": "en", "targetLangs": ["de"], "workflowSteps": [{"id": 71}]}
    assert (source_lang_of(project), target_langs_of(project), workflow_step_ids(project)) == (
        "en",
        ["de"],
        ["71"],
    )
    assert (source_lang_of({}), target_langs_of({}), workflow_step_ids({})) == (None, [], [])


def test_target_languages_are_added_under_phrases_name(client, requests_mock):
    requests_mock.post(f"{URL}/p1/targetLangs", status_code=204)
    client.projects.add_target_langs("p1", ("sv", "pt_br"))
    assert requests_mock.last_request.json() == {"targetLangs": ["sv", "pt_br"]}


def test_lost_answer_to_added_languages_is_an_unknown_outcome(client, requests_mock):
    requests_mock.post(f"{URL}/p1/targetLangs", status_code=502)
    with pytest.raises(PhraseOutcomeUnknownError):
        client.projects.add_target_langs("p1", ["sv"])
    assert requests_mock.call_count == 1
