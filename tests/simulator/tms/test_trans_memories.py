from __future__ import annotations

import pytest

GUIDE = {
    "name": "My new TM",
    "sourceLang": "en",
    "targetLangs": ["es", "it-IT"],
    "businessUnit": {"id": "1"},
    "note": "not necessary to use in TM",
}
"""The example in the guide on the API's technology."""


def create(phrase, **fields):
    return phrase.call("POST", "v1/transMemories", json={**GUIDE, **fields})


def names(phrase, **query):
    return [memory["name"] for memory in phrase.get("v2/transMemories", **query).json()["content"]]


def test_example_of_the_guide(phrase):
    answer = create(phrase)
    memory = answer.json()
    assert answer.status_code == 201
    assert (memory["id"], memory["internalId"]) == ("1", 1)
    assert (memory["sourceLang"], memory["targetLangs"]) == ("en", ["es", "it"])
    assert (memory["client"], memory["domain"], memory["subDomain"]) == (None, None, None)
    assert (memory["businessUnit"]["id"], memory["businessUnit"]["name"]) == ("1", "First BU")
    assert (memory["name"], memory["note"]) == (GUIDE["name"], GUIDE["note"])
    assert (memory["createdBy"]["userName"], memory["dateCreated"][-5:]) == ("simulator", "+0000")


def test_list_has_what_was_created(phrase):
    created = create(phrase, targetLangs=["pt-BR"]).json()
    listed = phrase.get("v2/transMemories").json()
    assert (listed["totalElements"], listed["pageSize"], listed["totalPages"]) == (1, 50, 1)
    assert created.items() <= listed["content"][0].items()
    assert created["targetLangs"] == ["pt_br"]
    assert phrase.get("v2/transMemories", pageSize=100).status_code == 200
    assert phrase.get("v2/transMemories", pageSize=101).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "ALPH"}, ["alpha"]),
        ({"note": "second"}, ["beta"]),
        ({"text": "2"}, ["beta"]),
        ({"innerId": 1}, ["alpha"]),
        ({"sourceLangs": "de"}, ["beta"]),
        ({"targetLangs": ["pt_br", "fr"]}, ["alpha"]),
        ({"targetLangs": "pt"}, []),
        ({"targetLangs": "pt", "strictTargetLangMatching": "false"}, ["alpha"]),
        ({"clientId": "1001"}, ["beta"]),
        ({"clientName": "acm"}, ["beta"]),
        ({"businessUnitId": "9"}, []),
        ({"relatedProjects": "any"}, []),
        ({"createdTo": "2020-01-01T00:00:00Z"}, []),
        ({"createdFrom": "2020-01-01T00:00:00Z", "sortTrend": "DESC"}, ["beta", "alpha"]),
        ({"sortField": "NAME"}, ["alpha", "beta"]),
    ],
)
def test_list_filters_and_sorts(phrase, query, found):
    create(phrase, name="alpha", targetLangs=["pt_br"])
    create(phrase, name="beta", note="The second", sourceLang="de", client={"id": "1001"}, targetLangs=["it"])
    assert names(phrase, **query) == found


@pytest.mark.parametrize(
    "fields",
    [
        {"name": None},
        {"name": "n" * 256},
        {"note": "n" * 4097},
        {"targetLangs": []},
        {"targetLangs": ["xx"]},
        {"targetLangs": ["it", "it-IT"]},
        {"sourceLang": "klingon"},
        {"businessUnit": {"id": "9"}},
        {"costCenter": {"id": "5001"}},
    ],
)
def test_what_the_specification_forbids_is_refused(phrase, fields):
    answer = create(phrase, **fields)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert names(phrase) == []
