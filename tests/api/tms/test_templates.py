from __future__ import annotations

import re

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
    assert client.templates.resolve("Web")["uid"] == "t1"
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
    assert client.templates.resolve("Web") == {"uid": "t2"}


def test_uid_is_found_too(client, listed, requests_mock):
    listed()
    requests_mock.get(f"{URL}/t9", json={"uid": "t9"})
    assert client.templates.resolve("t9") == {"uid": "t9"}


def test_name_of_several_names_them(client, listed):
    listed(("t2", "Web"), ("t1", "Web"), ("t3", "Webshop"))
    with pytest.raises(PhraseInputError, match=r"2 project templates are named 'Web': t1, t2. Give the uid"):
        client.templates.resolve("Web")


def test_unknown_template_shows_what_there_is(client, requests_mock, page):
    there = page(*[{"uid": f"t{number}", "templateName": f"Template {number}"} for number in range(30)])
    requests_mock.get(URL, json=there)
    requests_mock.get(f"{URL}/Nothing%20%2F%20such", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseInputError, match="has the name or uid 'Nothing / such'") as caught:
        client.templates.resolve("Nothing / such")
    assert "Template 0, Template 1" in caught.value.hint
    assert "Template 19." in caught.value.hint


def test_unknown_template_where_there_is_none(client, listed, requests_mock):
    listed()
    requests_mock.get(f"{URL}/Web", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseInputError, match="There are: none"):
        client.templates.resolve("Web")


def test_empty_name_is_refused(client, listed):
    listed(("t1", "Web"))
    with pytest.raises(PhraseInputError):
        client.templates.resolve("")


def test_other_errors_stay_what_they_are(client, listed, requests_mock):
    listed()
    requests_mock.get(f"{URL}/Web", status_code=403, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhrasePermissionError):
        client.templates.resolve("Web")


def sent(requests_mock):
    return [f"{request.path.rpartition('/')[2]}" for request in requests_mock.request_history]


@pytest.mark.parametrize("uid", ["t1", "AbCdEfGhIjKlMnOpQrStUv", "T-9"])
def test_uid_wins_over_names_that_look_like_it(client, listed, requests_mock, uid):
    listed((uid, "Web"), ("x", uid), ("y", uid))
    assert client.templates.resolve(uid)["uid"] == uid
    assert len(requests_mock.request_history) == 1


@pytest.mark.parametrize("name", ["Web2", "2026"])
@pytest.mark.parametrize("status", [404, 400])
def test_name_that_looks_like_a_uid_is_found(client, listed, requests_mock, name, status):
    listed(("t1", name), ("t2", f"{name} (old)"))
    requests_mock.get(f"{URL}/{name}", status_code=status, json={"errorCode": "E", "errorDescription": "No"})
    assert client.templates.resolve(name)["uid"] == "t1"


@pytest.mark.parametrize("shown", [True, False])
def test_numeric_id_is_found(client, requests_mock, page, shown):
    items = [
        {"uid": f"t{number}", "templateName": f"Web {number}", "id": f"100{number}"} for number in (1, 2)
    ]
    requests_mock.get(
        URL, json=page(*(item if shown else {"uid": item["uid"], "templateName": "W"} for item in items))
    )
    for item in items:
        requests_mock.get(f"{URL}/{item['uid']}", json=item)
    requests_mock.get(f"{URL}/1002", status_code=404, json={"errorCode": "E", "errorDescription": "No"})
    assert client.templates.resolve("1002") == items[1]
    assert client.templates.resolve(1002) == items[1]


def test_numeric_id_is_looked_for_within_a_bound(client, requests_mock, page):
    items = [{"uid": f"t{number}", "templateName": f"Web {number}"} for number in range(90)]
    requests_mock.get(URL, json=page(*items))
    for item in items:
        requests_mock.get(f"{URL}/{item['uid']}", json=item | {"id": "1"})
    requests_mock.get(f"{URL}/77", status_code=404, json={"errorCode": "E", "errorDescription": "No"})
    with pytest.raises(PhraseInputError, match="has the name or uid '77'"):
        client.templates.resolve("77")
    assert len([path for path in sent(requests_mock) if path.startswith("t")]) == 50


@pytest.mark.parametrize(
    ("there", "wanted"),
    [("50 % off", "50 % off"), ("Web  site ", "Web site"), ("Fru\u0308hjahr", "Fr\u00fchjahr")],
)
def test_name_that_the_search_does_not_find_is_found_in_the_list(client, requests_mock, page, there, wanted):
    item = {"uid": "t1", "templateName": there}
    requests_mock.get(URL, json=lambda request, _: page() if "name" in request.qs else page(item))
    requests_mock.get(f"{URL}/t1", json=item)
    requests_mock.get(re.compile(f"{URL}/(?!t1$).*"), status_code=404, json={"errorCode": "E"})
    assert client.templates.resolve(wanted)["uid"] == "t1"


def test_very_long_list_is_read_within_a_bound(client, requests_mock, page):
    def answer(request, _):
        number = int(request.qs["pagenumber"][0])
        items = [{"uid": f"t{number}-{item}", "templateName": f"Web {number}-{item}"} for item in range(50)]
        return page(*items, number=number, total=200)

    requests_mock.get(URL, json=answer)
    requests_mock.get(f"{URL}/Nothing", status_code=404, json={"errorCode": "E", "errorDescription": "No"})
    with pytest.raises(PhraseInputError, match="Of 1000 that were looked at"):
        client.templates.resolve("Nothing")
    assert len(requests_mock.request_history) == 20 + 1 + 20


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_name_is_refused_before_anything_is_sent(client, requests_mock, blank):
    with pytest.raises(PhraseInputError, match="is blank"):
        client.templates.resolve(blank)
    assert requests_mock.request_history == []
