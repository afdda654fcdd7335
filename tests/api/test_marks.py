"""An answer is Phrase's own word only with one of the marks of its API."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.marks import OAUTH, TMS
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseNotFoundError,
    PhraseOutcomeUnknownError,
    PhraseRateLimitError,
)

READ = Endpoint("GET", "/read")
CREATE = Endpoint("POST", "/create", Repeat.LOOK_UP)
PAGE = b"<html><head><title>Sign in</title></head></html>"

#: Of each kind of status that Phrase uses, and two that only proxies send.
STATUSES = [301, 302, 304, 400, 403, 404, 405, 407, 408, 410, 413, 415, 422, 451, 500, 501, 503, 504, 511]
UNMARKED = {
    "HTML": {"Content_Type": "text/html", "body": PAGE},
    "empty": {"body": b""},
    "other JSON": {"Content_Type": "application/json", "body": {"error": "Not Found", "status": 404}},
    "a list": {"Content_Type": "application/json", "body": [{"errorCode": "NotFound"}]},
    "no code": {"Content_Type": "application/json", "body": {"errorCode": None}},
}


@pytest.mark.parametrize(
    ("marks", "body", "marked"),
    [
        (TMS, {"errorCode": "NotFound", "errorDescription": "None"}, True),
        (TMS, {"error": "invalid_grant"}, False),
        (TMS, {"errorCode": ""}, False),
        (TMS, {"errorCode": 404}, False),
        (TMS, [{"errorCode": "NotFound"}], False),
        (TMS, "errorCode", False),
        (TMS, None, False),
        (OAUTH, {"error": "invalid_grant"}, True),
        (OAUTH, {"error": "Not Found"}, False),
        (OAUTH, {"error": "invalid_grant\n"}, False),
        (OAUTH, {"errorCode": "NotFound"}, False),
    ],
)
def test_body_is_marked_by_the_error_code_of_its_api(marks, body, marked):
    assert marks.on_body(body) is marked


@pytest.mark.parametrize(
    ("marks", "headers", "marked"),
    [
        (TMS, {"Memsource-Action-Id": "a1"}, True),
        (TMS, {"PHRASE-ACTION-ID": "a1"}, True),
        (TMS, {"memsource-action-id": ""}, False),
        (TMS, {"X-Request-Id": "a1"}, False),
        (OAUTH, {"memsource-action-id": "a1"}, False),
    ],
)
def test_headers_are_marked_by_the_action_id_of_tms(marks, headers, marked):
    assert marks.on_headers(CaseInsensitiveDict(headers)) is marked


@pytest.mark.parametrize("body", UNMARKED.values(), ids=UNMARKED)
@pytest.mark.parametrize("status", STATUSES)
def test_status_without_a_mark_is_a_fault_that_passes(wire, session, waits, status, body):
    server = wire(wire.answer(status, **body), wire.answer(200, {"fine": True}))
    assert session(server.url).json(Call(READ)) == {"fine": True}
    assert server.requests == ["GET /read", "GET /read"]
    assert len(waits) == 1


@pytest.mark.parametrize("status", [*STATUSES, 401])
def test_status_without_a_mark_leaves_the_outcome_of_a_create_open(wire, session, waits, status):
    server = wire(wire.answer(status, PAGE), wire.answer(201, {"uid": "u"}))
    if status == 407:
        assert session(server.url).json(Call(CREATE)) == {"uid": "u"}
        return
    with pytest.raises(PhraseOutcomeUnknownError, match=f"{status} to POST /create") as caught:
        session(server.url).json(Call(CREATE))
    assert caught.value.status == status
    assert server.requests == ["POST /create"]
    assert waits == []


@pytest.mark.parametrize("header", ["memsource-action-id", "phrase-action-id"])
def test_action_id_is_a_mark(requests_mock, session, header):
    requests_mock.get("https://tms.test/web/read", status_code=404, content=PAGE, headers={header: "a1"})
    with pytest.raises(PhraseNotFoundError):
        session().json(Call(READ))
    assert requests_mock.call_count == 1


def test_429_without_a_mark_is_the_quota_per_minute(requests_mock, session):
    requests_mock.get("https://tms.test/web/read", status_code=429, content=PAGE)
    with pytest.raises(PhraseRateLimitError):
        session(retries=1).json(Call(READ))


@pytest.mark.parametrize("body", [PAGE, {"error": "Not Found"}, {"errorCode": "NotFound"}, b""])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 407, 502])
def test_token_exchange_goes_on_after_an_answer_without_its_mark(wire, settings, waits, status, body):
    server = wire(wire.answer(status, body), wire.token("late"))
    platform = PhraseSession(settings, server.url, sleep=waits.append)
    assert exchange(platform, settings.api_token).value == "late"
    assert len(server.requests) == 2


def test_exchange_that_phrase_refuses_ends_at_once(wire, settings, waits):
    server = wire(wire.answer(400, {"error": "invalid_grant"}))
    platform = PhraseSession(settings, server.url, sleep=waits.append)
    with pytest.raises(PhraseAuthenticationError, match="Make a new one"):
        exchange(platform, settings.api_token)
    assert len(server.requests) == 1
