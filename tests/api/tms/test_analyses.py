from __future__ import annotations

import pytest

from phrase_provider.api.tms.analyses import facts_of
from phrase_provider.exceptions import PhraseServerError

URL = "https://tms.test/web/api2/v3/analyses/a1"


def test_analysis_is_read_as_phrase_shows_it(client, requests_mock):
    answer = {"uid": "a1", "importStatus": {"status": "RUNNING"}, "name": "Before"}
    requests_mock.get(URL, json=answer)
    assert client.analyses.get("a1") == answer
    assert facts_of(answer, "analysis a1") == {"uid": "a1", "import_state": "RUNNING", "import_error": None}


def test_answer_without_its_status_is_an_error(client, requests_mock):
    requests_mock.get(URL, json={"uid": "a1"}, headers={"memsource-action-id": "x"})
    with pytest.raises(PhraseServerError, match="without importStatus"):
        client.analyses.get("a1")


def test_field_that_is_missing_is_named():
    with pytest.raises(PhraseServerError, match="uid of analysis a1 is missing"):
        facts_of({"importStatus": {"status": "OK"}}, "analysis a1")
