from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.exceptions import (
    PhraseError,
    PhraseOutcomeUnknownError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseTransportError,
)

ENDPOINTS = {
    Repeat.SAFE: Endpoint("GET", "/read"),
    Repeat.LOOK_UP: Endpoint("POST", "/create", Repeat.LOOK_UP),
    Repeat.START_OVER: Endpoint("GET", "/download", Repeat.START_OVER),
}
TRUNCATED = b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"half": '


def _first(wire, trouble):
    answers = {
        "reset": wire.RESET,
        "closed": wire.CLOSE,
        "timeout": wire.HANG,
        "truncated": TRUNCATED,
        "HTML": wire.answer(200, b"<html><title>Maintenance</title></html>", Content_Type="text/html"),
    }
    return answers[trouble] if isinstance(trouble, str) else wire.answer(trouble)


@pytest.mark.parametrize(
    "trouble", ["reset", "closed", "timeout", "truncated", "HTML", 408, 500, 502, 503, 504]
)
@pytest.mark.parametrize("kind", Repeat)
def test_unknown_outcome_is_repeated_only_where_declared(wire, session, waits, kind, trouble):
    server = wire(_first(wire, trouble), wire.answer(200, {"fine": True}))
    call = Call(ENDPOINTS[kind])
    sender = session(server.url, timeout=0.3)

    if kind is Repeat.SAFE:
        assert sender.json(call) == {"fine": True}
        assert server.requests == ["GET /read", "GET /read"]
        assert len(waits) == 1
        assert 1 <= waits[0] <= 2
        return
    expected = {
        Repeat.LOOK_UP: PhraseOutcomeUnknownError,
        Repeat.START_OVER: (PhraseTransportError, PhraseServerError),
    }
    with pytest.raises(expected[kind]) as caught:
        sender.json(call)
    assert isinstance(caught.value, PhraseOutcomeUnknownError) == (kind is Repeat.LOOK_UP)
    assert server.requests == [f"{call.endpoint.method} {call.endpoint.path}"]
    assert waits == []


@pytest.mark.parametrize("kind", [Repeat.SAFE, Repeat.START_OVER])
def test_rate_limit_is_repeated_where_nothing_is_created(wire, session, waits, kind):
    server = wire(wire.answer(429), wire.answer(200, {"fine": True}))
    assert session(server.url).json(Call(ENDPOINTS[kind])) == {"fine": True}
    assert len(server.requests) == 2
    assert 1 <= waits[0] <= 2


@pytest.mark.parametrize("kind", Repeat)
def test_refused_connection_is_repeated_whatever_the_endpoint(wire, session, kind):
    server = wire(wire.answer(200, {"fine": True}), listen=False)
    waits = []

    def listen_meanwhile(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            server.listen()

    assert session(server.url, sleep=listen_meanwhile).json(Call(ENDPOINTS[kind])) == {"fine": True}
    assert len(server.requests) == 1
    assert len(waits) == 2


@pytest.mark.parametrize("kind", Repeat)
def test_lasting_refusal_says_that_nothing_was_sent(wire, session, waits, kind):
    server = wire(listen=False)
    with pytest.raises(PhraseTransportError, match="ConnectionRefusedError") as caught:
        session(server.url, retries=2).json(Call(ENDPOINTS[kind]))
    assert type(caught.value) is PhraseTransportError
    assert caught.value.sent is False
    assert len(waits) == 2


@pytest.mark.parametrize("status", [401, 429])
@pytest.mark.parametrize("headers", [{}, {"memsource-action-id": "a1"}], ids=["unmarked", "of Phrase"])
def test_refusal_of_a_create_for_token_or_rate_leaves_its_outcome_open(
    requests_mock, session, waits, status, headers
):
    headers = headers | {"Retry-After": "7"}
    requests_mock.post("https://tms.test/web/create", status_code=status, headers=headers)
    with pytest.raises(PhraseOutcomeUnknownError, match=f"took effect.*{status}") as caught:
        session().json(Call(ENDPOINTS[Repeat.LOOK_UP]))
    assert caught.value.status == status
    assert caught.value.retry_after == (7 if status == 429 else None)
    assert requests_mock.call_count == 1
    assert waits == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 415, 422, 501])
@pytest.mark.parametrize("kind", Repeat)
def test_what_stays_the_same_is_not_repeated(requests_mock, session, waits, kind, status):
    endpoint = ENDPOINTS[kind]
    url = f"https://tms.test/web{endpoint.path}"
    requests_mock.register_uri(endpoint.method, url, status_code=status, json={"errorCode": "Code"})
    with pytest.raises(PhraseError) as caught:
        session().json(Call(endpoint))
    in_doubt = kind is Repeat.LOOK_UP and status == 401
    assert isinstance(caught.value, PhraseOutcomeUnknownError) == in_doubt
    assert requests_mock.call_count == (2 if status == 401 and not in_doubt else 1)
    assert waits == []


def test_job_not_ready_is_left_to_the_one_who_waits(requests_mock, session, waits):
    requests_mock.get("https://tms.test/web/read", status_code=400, json={"errorCode": "JOB_NOT_READY"})
    with pytest.raises(PhraseError) as caught:
        session().json(Call(ENDPOINTS[Repeat.SAFE]))
    assert caught.value.can_pass
    assert requests_mock.call_count == 1
    assert waits == []


def test_repeats_end_with_the_last_error(requests_mock, session, waits):
    refusal = {"status_code": 500, "json": {"errorCode": "Code"}}
    requests_mock.get("https://tms.test/web/read", [{"status_code": 429}, refusal])
    with pytest.raises(PhraseServerError):
        session(retries=4).json(Call(ENDPOINTS[Repeat.SAFE]))
    assert requests_mock.call_count == 5
    assert all(base <= wait <= base + 1 for wait, base in zip(waits, (1, 2, 4, 8), strict=True))


def test_no_retries_means_one_request(requests_mock, session, waits):
    requests_mock.get("https://tms.test/web/read", status_code=503, json={"errorCode": "Code"})
    with pytest.raises(PhraseServerError):
        session(retries=0).json(Call(ENDPOINTS[Repeat.SAFE]))
    assert requests_mock.call_count == 1
    assert waits == []


def _in_half_a_minute():
    return format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (429, lambda: {"Retry-After": "7"}, 7),
        (503, lambda: {"Retry-After": "7"}, 7),
        (429, lambda: {"Retry-After": _in_half_a_minute()}, 28.5),
        (429, lambda: {"X-Rate-Limit-Reset": str(int(time.time()) + 40)}, 38.5),
        (429, lambda: {"Ratelimit-Limit": "100", "Ratelimit-Remaining": "0"}, 60),
        (429, lambda: {"Retry-After": "120"}, 120),
    ],
    ids=["seconds", "seconds of a 503", "HTTP date", "reset", "too many at once", "the longest"],
)
def test_named_wait_is_kept_and_never_undercut(requests_mock, session, waits, status, headers, least):
    troubles = [{"status_code": status, "headers": headers()}] * 5
    requests_mock.get("https://tms.test/web/read", [*troubles, {"json": {}}])
    assert session().json(Call(ENDPOINTS[Repeat.SAFE])) == {}
    assert requests_mock.call_count == 6
    assert all(least <= wait <= (least + 1.5) * 1.2 for wait in waits)
    assert len(set(waits)) > 1, "parallel tasks would come back in step"


@pytest.mark.parametrize("kind", Repeat)
@pytest.mark.parametrize("seconds", [121, 3600])
def test_wait_beyond_the_longest_is_an_error_at_once(requests_mock, session, waits, kind, seconds):
    endpoint = ENDPOINTS[kind]
    url = f"https://tms.test/web{endpoint.path}"
    requests_mock.register_uri(endpoint.method, url, status_code=429, headers={"Retry-After": str(seconds)})
    expected = PhraseOutcomeUnknownError if kind is Repeat.LOOK_UP else PhraseRateLimitError
    with pytest.raises(expected, match=f"retry after: {seconds} s") as caught:
        session().json(Call(endpoint))
    assert caught.value.retry_after == seconds
    assert requests_mock.call_count == 1
    assert waits == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "86400"},
        {"Retry-After": "9" * 5000},
        {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"X-Rate-Limit-Reset": "1795000000000"},
    ],
    ids=["a day", "digits", "date", "milliseconds"],
)
def test_named_wait_is_believed_up_to_an_hour(wire, session, waits, headers):
    server = wire(wire.answer(429, **{name.replace("-", "_"): value for name, value in headers.items()}))
    with pytest.raises(PhraseRateLimitError, match="retry after: 3600 s"):
        session(server.url).json(Call(ENDPOINTS[Repeat.SAFE]))
    assert waits == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Rate_Limit_Limit": "9" * 5000, "X_Rate_Limit_Remaining": "9" * 5000},
        {"Ratelimit_Limit": "9" * 5000, "Ratelimit_Remaining": "1"},
    ],
)
def test_quota_that_cannot_be_one_is_passed_over(wire, session, headers):
    server = wire(wire.answer(200, {"fine": True}, **headers))
    sender = session(server.url)
    assert sender.json(Call(ENDPOINTS[Repeat.SAFE])) == {"fine": True}
    assert sender.quota is None


@pytest.mark.parametrize("kind", Repeat)
def test_failed_token_exchange_is_not_blamed_on_the_call(requests_mock, settings, waits, kind):
    refusal = {"error": "temporarily_unavailable"}
    requests_mock.post("https://platform.test/idm/oauth/token", status_code=503, json=refusal)
    platform = PhraseSession(settings, settings.platform_url, sleep=waits.append)
    token = TokenSource(lambda: exchange(platform, settings.api_token))
    sender = PhraseSession(settings, settings.tms_url, token=token, sleep=waits.append)
    with pytest.raises(PhraseServerError, match="/idm/oauth/token"):
        sender.json(Call(ENDPOINTS[kind]))
    assert requests_mock.call_count == settings.retries + 1
    assert len(waits) == settings.retries


def test_each_repeat_is_told(requests_mock, session, caplog):
    requests_mock.get("https://tms.test/web/read", [{"status_code": 500}, {"json": {}}])
    session().json(Call(ENDPOINTS[Repeat.SAFE]))
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "GET /read" in told
    assert re.search(r"Trying again in (1\.\d|2\.0) s", told)
    assert "(attempt 2)" in told
