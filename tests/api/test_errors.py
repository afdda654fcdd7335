from __future__ import annotations

import pytest

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseError,
    PhraseJobNotReadyError,
    PhraseNotFoundError,
    PhrasePermissionError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseValidationError,
)

URL = "https://tms.test/web/things/u1"
GET = Endpoint("GET", "/things/{uid}")


@pytest.fixture
def error_of(requests_mock, session):
    def ask(**answer):
        requests_mock.get(URL, **answer)
        with pytest.raises(PhraseError) as caught:
            session(retries=0).json(Call(GET, {"uid": "u1"}))
        return caught.value

    return ask


@pytest.mark.parametrize(
    ("status", "kind", "hint", "can_pass"),
    [
        (400, PhraseValidationError, "Correct the request", False),
        (401, PhraseAuthenticationError, "Check the API token", False),
        (403, PhrasePermissionError, "Give the user of the API token the right", False),
        (404, PhraseNotFoundError, "Check the uid", False),
        (405, PhraseValidationError, "Correct the request", False),
        (408, PhraseServerError, "try again", True),
        (410, PhraseNotFoundError, "no longer there", False),
        (415, PhraseValidationError, "Correct the request", False),
        (429, PhraseRateLimitError, "spread calls", True),
        (500, PhraseServerError, "report the action id", True),
        (501, PhraseApiError, "does not offer", False),
        (503, PhraseServerError, "report the action id", True),
    ],
)
def test_status_decides_class_and_hint(error_of, status, kind, hint, can_pass):
    error = error_of(status_code=status, headers={"memsource-action-id": "a1"})
    assert type(error) is kind
    assert hint in error.hint
    assert hint in str(error)
    assert error.can_pass is can_pass
    assert error.status == status
    assert error.endpoint == "GET /things/{uid}"


def test_error_of_phrase_is_told_whole(error_of):
    error = error_of(
        status_code=400,
        json={"errorCode": "InvalidArguments", "errorDescription": "targetLangs must match project"},
        headers={"memsource-action-id": "abc123"},
    )
    assert str(error) == (
        "Phrase answered 400 to GET /things/{uid}. [status: 400, errorCode: InvalidArguments, "
        "description: targetLangs must match project, endpoint: GET /things/{uid}, action id: abc123] "
        "Correct the request: repeating it unchanged gives the same answer."
    )


@pytest.mark.parametrize(
    "name", ["memsource-action-id", "Memsource-Action-ID", "phrase-action-id", "Phrase-Action-ID"]
)
def test_action_id_comes_under_either_name(error_of, name):
    assert error_of(status_code=404, headers={name: "abc123"}).action_id == "abc123"


def test_code_decides_where_there_is_one(error_of):
    error = error_of(status_code=400, json={"errorCode": "JOB_NOT_READY", "errorDescription": None})
    assert type(error) is PhraseJobNotReadyError
    assert (error.can_pass, error.is_fault, error.description) == (True, False, None)
    assert "wait for the import" in error.hint


@pytest.mark.parametrize(
    ("answer", "code", "description"),
    [
        ({"json": {"errorCode": "X", "errorDescription": "why"}}, "X", "why"),
        ({"json": {"error": "invalid_grant", "error_description": "why"}}, "invalid_grant", "why"),
        ({"json": {"message": "why"}}, None, "why"),
        ({"json": {}}, None, None),
        ({"json": [{"errorCode": "X"}]}, None, None),
        ({"json": "text"}, None, None),
        ({"content": b"null"}, None, None),
        ({"content": b""}, None, "an empty body"),
        ({"text": "<html><title>502 Bad\nGateway</title>"}, None, "an HTML page titled '502 Bad\\nGateway'"),
        ({"text": "<html><p>no title"}, None, "a body of type text/html"),
        ({"content": b"\xff\xfe\x00"}, None, "a body of type text/html"),
        ({"json": {"errorCode": "X" * 9999, "errorDescription": "y" * 9999}}, "X" * 500, "y" * 500),
    ],
)
def test_any_body_of_an_error_is_understood(error_of, answer, code, description):
    error = error_of(status_code=502, headers={"Content-Type": "text/html"}, **answer)
    assert (error.error_code, error.description) == (code, description)


def test_rate_limit_carries_its_wait(error_of):
    error = error_of(status_code=429, headers={"Retry-After": "900"})
    assert error.retry_after == 900
    assert "retry after: 900 s" in str(error)
