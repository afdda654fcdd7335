from __future__ import annotations

import json

import pytest

from phrase_provider.exceptions import PhraseOutcomeUnknownError, PhraseServerError

PROJECT = "https://tms.test/web/api2/v1/projects/p/applyTemplate/t/assignProviders"


def test_some_jobs(client, requests_mock):
    sent = requests_mock.post(f"{PROJECT}/forJobParts", json={"jobs": [{"uid": "j2", "status": "EMAILED"}]})
    assert client.assignments.assign_from_template("p", "t", ["j1", "j2"]) == ["j2"]
    assert json.loads(sent.last_request.body) == {"jobs": [{"uid": "j1"}, {"uid": "j2"}]}


def test_whole_project(client, requests_mock):
    sent = requests_mock.post(PROJECT, json={"jobs": []})
    assert client.assignments.assign_from_template("p", "t") == []
    assert sent.last_request.body is None


@pytest.mark.parametrize("jobs", ["j1", [{}], [{"uid": 7}], ["j1"]])
def test_answer_that_cannot_be_read(client, requests_mock, jobs):
    requests_mock.post(PROJECT, json={"jobs": jobs})
    with pytest.raises(PhraseServerError):
        client.assignments.assign_from_template("p", "t")


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_never_sent_again_blindly(client, requests_mock, status):
    sent = requests_mock.post(PROJECT, status_code=status, json={"errorCode": "Some"})
    with pytest.raises(PhraseOutcomeUnknownError):
        client.assignments.assign_from_template("p", "t")
    assert sent.call_count == 1
