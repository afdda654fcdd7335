from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError, PhrasePermissionError

URL = "https://tms.test/web/api2/v1/projectTemplates"


@pytest.fixture
def listed(requests_mock, page):
    """What Phrase lists, and each of them by uid."""

    def register(*templates):
        items = [{"uid": uid, "templateName": name} for uid, name in templates]
        requests_mock.get(URL, json=page(*items))
        for item in items:
            requests_mock.get(
                f"{URL}/{item['uid']}", json=item | {"name": "a project", "targetLangs": ["de"]}
            )

    return register


def test_name_must_match_exactly(client, listed, requests_mock):
    listed(("t1", "Web"), ("t2", "Web (old)"), ("t3", "web"))
    assert client.templates.find("Web")["uid"] == "t1"
    assert [(request.path, request.qs) for request in requests_mock.request_history] == [
        (
            "/web/api2/v1/projecttemplates",
            {
                "name": ["web"],
                "sort": ["templatename"],
                "direction": ["asc"],
                "pagenumber": ["0"],
                "pagesize": ["50"],
            },
        ),
        ("/web/api2/v1/projecttemplates/t1", {}),
    ]


def test_name_on_a_later_page_is_found(client, requests_mock, page):
    answers = [
        page({"uid": "t1", "templateName": "Web 1"}, total=2),
        page({"uid": "t2", "templateName": "Web"}, number=1, total=2),
    ]
    requests_mock.get(URL, [{"json": answer} for answer in answers])
    requests_mock.get(f"{URL}/t2", json={"uid": "t2"})
    assert client.templates.find("Web") == {"uid": "t2"}


def test_uid_is_found_too(client, listed, requests_mock):
    listed()
    requests_mock.get(f"{URL}/t9", json={"uid": "t9"})
    assert client.templates.find("t9") == {"uid": "t9"}


def test_name_of_several_names_them(client, listed):
    listed(("t2", "Web"), ("t1", "Web"), ("t3", "Webshop"))
    with pytest.raises(PhraseInputError, match=r"2 project templates are named 'Web': t1, t2. Give the uid"):
        client.templates.find("Web")


def test_unknown_template_shows_what_there_is(client, requests_mock, page):
    there = page(*[{"uid": f"t{number}", "templateName": f"Template {number}"} for number in range(30)])
    requests_mock.get(URL, json=there)
    requests_mock.get(f"{URL}/Nothing%20%2F%20such", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseInputError, match="has the name or uid 'Nothing / such'") as caught:
        client.templates.find("Nothing / such")
    assert "Template 0, Template 1" in caught.value.hint
    assert "Template 19." in caught.value.hint


def test_unknown_template_where_there_is_none(client, listed, requests_mock):
    listed()
    requests_mock.get(f"{URL}/Web", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseInputError, match="There are: none"):
        client.templates.find("Web")


def test_empty_name_is_refused(client, listed):
    listed(("t1", "Web"))
    with pytest.raises(PhraseInputError):
        client.templates.find("")


def test_other_errors_stay_what_they_are(client, listed, requests_mock):
    listed()
    requests_mock.get(f"{URL}/Web", status_code=403, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhrasePermissionError):
        client.templates.find("Web")
