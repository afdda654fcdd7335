"""Requests that Phrase refuses for their form, found by a fuzzer."""

from __future__ import annotations

import pytest


def test_json_needs_its_media_type(phrase):
    path = f"v1/projects/{phrase.project()['uid']}/setStatus"
    for headers in ({}, {"Content-Type": "multipart/form-data"}, {"Content-Type": "text/json-ish"}):
        answer = phrase.call("POST", path, data=b'{"status": "COMPLETED"}', headers=headers)
        assert (answer.status_code, answer.json()["errorCode"]) == (415, "UnsupportedMediaType")
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    assert phrase.call("POST", path, data=b'{"status": "COMPLETED"}', headers=headers).status_code == 204


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data; boundary=x", 400),
        ("multipart/form-data", 400),
        ("application/x-www-form-urlencoded", 415),
        (None, 201),
    ],
)
def test_upload_is_a_raw_file_or_what_it_is_called(phrase, content_type, status):
    headers = {"Memsource": '{"targetLangs": ["de"]}', "Content-Disposition": "filename=a.txt"}
    headers |= {"Content-Type": content_type} if content_type else {}
    path = f"v1/projects/{phrase.project()['uid']}/jobs"
    assert phrase.call("POST", path, data=b"Hello\n", headers=headers).status_code == status


def test_purge_is_true_or_false(phrase):
    uid = phrase.project()["uid"]
    body = {"jobs": [{"uid": phrase.upload(uid).json()["jobs"][0]["uid"]}]}
    path = f"v1/projects/{uid}/jobs/batch"
    assert phrase.call("DELETE", path, params={"purge": "2"}, json=body).status_code == 400
    assert phrase.call("DELETE", path, params={"purge": "true"}, json=body).status_code == 204


def test_years_have_four_digits(phrase):
    assert phrase.project(dateDue="0257-01-19T10:26:10Z")["dateDue"] == "0257-01-19T10:26:10+0000"


def test_unknown_settings_are_not_repeated(phrase):
    path = f"v1/projects/{phrase.project()['uid']}"
    settings = {"completeUnassigned": True, "made up": 1}
    answer = phrase.call("PATCH", path, json={"projectWorkflowSettings": settings})
    assert answer.json()["projectWorkflowSettings"] == {
        "completeUnassigned": True,
        "propagateTranslationsToLowerWfDuringUpdateSource": False,
    }
