from __future__ import annotations

import logging

import pytest
from people import CLIENT, DOMAIN, make_project

from phrase_provider.api.tms.project_filter import ProjectStatus
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.services.tms.project_search import ProjectCriteria, ProjectSearch

log = logging.getLogger(__name__)


@pytest.fixture
def find(phrase):
    def run(max_projects=200, **criteria):
        search = ProjectSearch(phrase.client, log, max_projects=max_projects)
        return [project["name"] for project in search.find(ProjectCriteria(**criteria))]

    return run


@pytest.fixture
def projects(phrase):
    make_project(phrase, "Spring site", client=CLIENT)
    phrase.simulator.advance(7200)
    make_project(phrase, "Spring shop", steps=2, domain=DOMAIN)
    make_project(phrase, "Autumn", client=CLIENT, domain=DOMAIN)


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ({"name": "spring"}, ["Spring site", "Spring shop"]),
        ({"client": "Acme"}, ["Spring site", "Autumn"]),
        ({"client": " acme".strip()}, ["Spring site", "Autumn"]),
        ({"client": "1001"}, ["Spring site", "Autumn"]),
        ({"domain": "Marketing"}, ["Spring shop", "Autumn"]),
        ({"domain": "2001", "client": "Acme"}, ["Autumn"]),
        ({"created_within_hours": 1}, ["Spring shop", "Autumn"]),
        ({"name": "Spring", "statuses": [ProjectStatus.COMPLETED]}, []),
        ({"name": "Spring", "statuses": [ProjectStatus.NEW]}, ["Spring site", "Spring shop"]),
    ],
)
def test_projects_are_found_by_what_people_sort_them_by(find, projects, criteria, names):
    assert find(**criteria) == names


def test_part_of_the_clients_name_is_another_client(find, projects):
    assert find(client="Acm") == []
    assert find(domain="Market") == []


def test_template_is_read_from_each_project(phrase, find, projects):
    assert find(template_uid=phrase.template(2)["uid"]) == ["Spring shop"]
    assert len(phrase.sent("GET", r"/v1/projects/\w+$")) == 3


def test_projects_of_batches_are_left_out_unless_asked_for(phrase, find, projects):
    from task_runs import context

    batch = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="task", template="Translation", batch_id="Spring batch"
    )
    batch.execute(context())
    assert find(name="Spring") == ["Spring site", "Spring shop"]
    assert len(find(name="Spring", batches=True)) == 3


def test_archived_and_deleted_projects_are_left_out(phrase, find):
    archived, deleted = make_project(phrase, "Spring a"), make_project(phrase, "Spring b")
    phrase.change_project(archived, archived=True)
    phrase.client.projects.delete(deleted)
    assert find(name="Spring") == []


def test_project_that_is_deleted_between_list_and_read_is_left_out(phrase, find, after_request):
    uid = make_project(phrase, "Spring")
    phrase.simulator.fault(method="GET", path=f"/v1/projects/{uid}$", delay=1)
    after_request("/v1/projects$", phrase.client.projects.delete, uid)
    assert find(name="Spring") == []


def test_too_many_projects_are_an_error_that_says_so(find, projects):
    with pytest.raises(PhraseInputError, match=r"More than 1 projects.*raise max_projects"):
        find(max_projects=1, name="Spring")


def test_organization_is_not_read_whole_for_a_template(phrase, find):
    for number in range(12):
        make_project(phrase, f"Spring {number}")
    phrase.forget()
    with pytest.raises(PhraseInputError, match="too many read"):
        find(max_projects=1, template_uid=phrase.template(3)["uid"])
    assert len(phrase.sent("GET", r"/v1/projects/\w+$")) == 11


@pytest.mark.parametrize("criteria", [{}, {"statuses": [ProjectStatus.NEW]}, {"batches": True}])
def test_search_for_everything_is_refused_before_anything_is_sent(phrase, find, criteria):
    phrase.forget()
    with pytest.raises(PhraseInputError, match="Nothing says which projects"):
        find(**criteria)
    assert phrase.sent() == []
