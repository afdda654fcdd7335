from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseError,
    PhraseJobNotReadyError,
    PhraseNotFoundError,
    PhraseOutcomeUnknownError,
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
        "description: targetLangs must match project] "
        "Correct the request: repeating it unchanged gives the same answer. "
        "For a report to Phrase: endpoint: GET /things/{uid}, request: GET tms.test/web/things/u1, "
        f"time: {error.at}, answer: 400 InvalidArguments targetLangs must match project, "
        "Phrase-Action-ID: abc123."
    )
    assert error.brief() == (
        "Phrase answered 400 to GET /things/{uid}. [status: 400, errorCode: InvalidArguments, "
        "description: targetLangs must match project, endpoint: GET /things/{uid}, action id: abc123] "
        "Correct the request: repeating it unchanged gives the same answer."
    )


def test_report_has_a_time_with_its_zone(error_of):
    before = datetime.now(UTC).replace(microsecond=0)
    at = datetime.fromisoformat(error_of(status_code=500, json={"errorCode": "X"}).at)
    assert before <= at <= datetime.now(UTC)
    assert at.utcoffset() == timedelta(0)


def test_report_of_an_answer_that_did_not_come(wire, session):
    server = wire(wire.RESET)
    with pytest.raises(PhraseError) as caught:
        session(server.url, retries=0).json(Call(GET, {"uid": "u1"}, {"name": "ä b", "left_out": None}))
    host = server.url.removeprefix("http://")
    request, at = f"GET {host}/things/u1?name=%C3%A4+b", caught.value.at
    told = f"request: {request}, time: {at}, answer: none, Phrase-Action-ID: none."
    assert str(caught.value).endswith(told)


def test_what_was_never_sent_needs_no_report(wire, session):
    with pytest.raises(PhraseError) as caught:
        session(wire(listen=False).url, retries=0).json(Call(GET, {"uid": "u1"}))
    assert (caught.value.at, caught.value.request) == (None, None)
    assert "report to Phrase" not in str(caught.value)


@pytest.mark.parametrize("status", [500, 401, 429])
def test_report_of_a_create_in_doubt(requests_mock, session, status):
    requests_mock.post(
        "https://tms.test/web/make",
        status_code=status,
        json={"errorCode": "X"},
        headers={"phrase-action-id": "a7"},
    )
    call = Call(Endpoint("POST", "/make", Repeat.LOOK_UP), body={"name": "Web"}, headers={"X-A": "1"})
    with pytest.raises(PhraseOutcomeUnknownError) as caught:
        session().json(call)
    request = 'POST tms.test/web/make (X-A: 1) {"name": "Web"}'
    assert caught.value.request == request
    assert f"request: {request}, time: {caught.value.at}, answer: {status} X, Phrase-Action-ID: a7." in str(
        caught.value
    )


def test_report_of_a_refused_api_token(wire, settings):
    server = wire(wire.answer(400, {"error": "invalid_grant"}))
    with pytest.raises(PhraseAuthenticationError) as caught:
        exchange(PhraseSession(settings, server.url), settings.api_token)
    assert '"subject_token": "***"' in caught.value.request
    assert settings.api_token not in str(caught.value)
    assert f"time: {caught.value.at}, answer: 400 invalid_grant" in str(caught.value)


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
