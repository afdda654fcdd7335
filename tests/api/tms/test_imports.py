from __future__ import annotations

import pytest

from phrase_provider.api.tms.imports import import_facts
from phrase_provider.exceptions import PhraseServerError


@pytest.mark.parametrize(
    ("part", "state"),
    [
        ({"importStatus": {"status": "OK"}}, "OK"),
        ({"importStatus": {"status": "RUNNING"}, "imported": True}, "RUNNING"),
        ({"importStatus": {"status": "ERROR"}}, "ERROR"),
        ({"importStatus": None, "imported": True}, "OK"),
        ({"imported": False}, "RUNNING"),
        ({}, "RUNNING"),
    ],
)
def test_state_is_read_from_either_name(part, state):
    assert import_facts(part, "job j1")["import_state"] == state


def test_reason_is_the_one_that_phrase_tells():
    told = {"importStatus": {"status": "ERROR", "errorMessage": "No text."}}
    assert import_facts(told, "job j1") == {"import_state": "ERROR", "import_error": "No text."}


@pytest.mark.parametrize("malformed", ["OK", {"status": ["OK"]}, {"status": "OK", "errorMessage": 7}])
def test_malformed_status_is_an_error_that_names_its_owner(malformed):
    with pytest.raises(PhraseServerError, match=r"importStatus of job j1 is"):
        import_facts({"importStatus": malformed}, "job j1")
