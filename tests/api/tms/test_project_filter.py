from __future__ import annotations

import pytest

from phrase_provider.api.tms.project_filter import ProjectFilter, ProjectStatus, parse_project_statuses
from phrase_provider.exceptions import PhraseInputError

URL = "https://tms.test/web/api2/v1/projects"


def test_every_filter_has_phrases_name(client, requests_mock, page):
    requests_mock.get(URL, json=page({"uid": "p1"}))
    wanted = ProjectFilter(
        name="Spring",
        name_or_internal_id="17",
        statuses=[ProjectStatus.NEW, ProjectStatus.COMPLETED],
        client_id=1,
        client_name="Acme",
        domain_id=2,
        domain_name="Web",
        sub_domain_id=3,
        sub_domain_name="Shop",
        business_unit_id=4,
        business_unit_name="Europe",
        cost_center_id=5,
        cost_center_name="L10n",
        owner_id=6,
        buyer_id=7,
        due_in_hours=-1,
        created_in_last_hours=24,
        source_langs=["en"],
        target_langs=["de", "fr"],
        include_archived=True,
        archived_only=True,
    )
    assert [project["uid"] for project in client.projects.search(wanted)] == ["p1"]
    query = requests_mock.last_request.query
    assert set(query.split("&")) == {
        "name=spring",
        "nameorinternalid=17",
        "statuses=new",
        "statuses=completed",
        "clientid=1",
        "clientname=acme",
        "domainid=2",
        "domainname=web",
        "subdomainid=3",
        "subdomainname=shop",
        "businessunitid=4",
        "businessunitname=europe",
        "costcenterid=5",
        "costcentername=l10n",
        "ownerid=6",
        "buyerid=7",
        "dueinhours=-1",
        "createdinlasthours=24",
        "sourcelangs=en",
        "targetlangs=de",
        "targetlangs=fr",
        "includearchived=true",
        "archivedonly=true",
        "pagenumber=0",
        "pagesize=50",
    }


def test_what_is_not_given_is_not_sent(client, requests_mock, page):
    requests_mock.get(URL, json=page())
    assert list(client.projects.search(ProjectFilter(client_name="Acme"))) == []
    assert requests_mock.last_request.query == "clientname=acme&pagenumber=0&pagesize=50"


@pytest.mark.parametrize("given", ["completed, New", ["COMPLETED", "new", "NEW"]])
def test_statuses_are_taken_as_people_write_them(given):
    assert parse_project_statuses(given) == [ProjectStatus.COMPLETED, ProjectStatus.NEW]


def test_unknown_status_is_refused_with_those_there_are():
    with pytest.raises(PhraseInputError, match=r"'DONE'.*COMPLETED_BY_VENDOR"):
        parse_project_statuses("done")
