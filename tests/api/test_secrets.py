"""No error, and no cause that a traceback shows, has a token or a password in it."""

from __future__ import annotations

import logging
import traceback

import pytest

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.auth.exchange import LONGEST_LIFE, exchange
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.api.settings import ClientSettings
from phrase_provider.exceptions import (
    PhraseConnectionError,
    PhraseError,
    PhraseGatewayError,
    PhraseInputError,
    PhraseServerError,
)

READ = Endpoint("GET", "/read")
CREATE = Endpoint("POST", "/create", Repeat.LOOK_UP)
DOWNLOAD = Endpoint("GET", "/download", Repeat.START_OVER)
SECRET = "not-to-be-seen"


@pytest.fixture
def told(caplog):
    """Gives all that an error shows, and the log."""
    caplog.set_level(logging.DEBUG)

    def everything(error):
        shown = [str(error), repr(error), repr(error.__dict__), *traceback.format_exception(error)]
        return "\n".join([*shown, caplog.text])

    return everything


UNSENDABLE = {
    "newline": f"{SECRET}\n",
    "header": f"{SECRET}\r\nX-Other: 1",
    "blank": f"{SECRET} more",
    "letters": f"{SECRET}ä",
    "beyond Latin-1": f"{SECRET}€",
    "NUL": f"{SECRET}\0",
    "number": 123456789,
    "list": [SECRET],
    "object": {"value": SECRET},
    "endless": SECRET * 10_000,
}


@pytest.mark.parametrize("value", UNSENDABLE.values(), ids=UNSENDABLE)
def test_token_that_cannot_stand_in_a_header_is_refused_untold(wire, settings, waits, told, value):
    server = wire(wire.token(value))
    platform = PhraseSession(settings, server.url, sleep=waits.append)
    with pytest.raises(PhraseServerError, match=r"access token that cannot stand.*platform URL") as caught:
        exchange(platform, settings.api_token)
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize("value", ["a", "eyJhbGciOi.J9-_~+/x==", "A" * 16_000])
def test_token_that_may_stand_in_a_header_is_taken(wire, settings, value):
    platform = PhraseSession(settings, wire(wire.token(value)).url)
    assert exchange(platform, settings.api_token).value == value


@pytest.mark.parametrize("life", [1e300, float("inf"), 10**400, 4_102_444_800_000])
def test_token_is_used_for_a_day_at_most(requests_mock, settings, life, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.auth.exchange.time.time", lambda: 0.0)
    requests_mock.post(
        "https://platform.test/idm/oauth/token", json={"access_token": "t", "expires_in": life}
    )
    token = exchange(PhraseSession(settings, settings.platform_url), "api")
    assert 0 < token.use_until <= LONGEST_LIFE


def test_header_that_cannot_be_sent_is_not_quoted(wire, settings, told):
    server = wire()
    sender = PhraseSession(settings, server.url, token=_Tokens(f"{SECRET}\nX: 1"))
    for endpoint in (READ, CREATE, DOWNLOAD):
        with pytest.raises(PhraseInputError, match="cannot be sent") as caught:
            sender.json(Call(endpoint))
        assert SECRET not in told(caught.value)
    assert server.requests == []


def test_letters_that_no_header_has_are_not_quoted(wire, settings, told):
    sender = PhraseSession(settings, wire().url, token=_Tokens(f"{SECRET}€"))
    with pytest.raises(PhraseInputError, match="cannot be sent") as caught:
        sender.json(Call(READ))
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://user:{SECRET}@host:99999",
        f"http://user:{SECRET}@host:port",
        f"http://user:{SECRET}/more@host:3128",
        f"http://user:{SECRET}#more@host:3128",
        f"foo://user:{SECRET}@host:3128",
        f"http://user:{SECRET}@a..b:3128",
        f"http://user:{SECRET}@[::1:3128",
        f"user:{SECRET}@host:99999",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_that_cannot_be_one_keeps_its_password(settings, monkeypatch, told, proxy, scheme):
    monkeypatch.setenv(f"{scheme}_proxy", proxy)
    with pytest.raises(PhraseError) as caught:
        PhraseSession(_impatient(settings), f"{scheme}://tms.test/web").json(Call(READ))
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize("url", [f"foo://user:{SECRET}@host", f"http://user:{SECRET}@host:99999"])
def test_url_that_cannot_be_one_keeps_its_password(settings, told, url):
    with pytest.raises(PhraseConnectionError, match=r"Correct host name and port.*begin with") as caught:
        PhraseSession(settings, url).json(Call(READ))
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize(
    ("status", "hint"), [(407, "wants a user and a password"), (403, "let the host.*pass")]
)
@pytest.mark.parametrize("endpoint", [READ, CREATE, DOWNLOAD])
def test_proxy_that_refuses_the_way_to_a_host_says_so(
    wire, settings, monkeypatch, told, endpoint, status, hint
):
    proxy = wire(*[wire.answer(status)] * 2)
    monkeypatch.setenv("https_proxy", proxy.url.replace("://", f"://user:{SECRET}@"))
    sender = PhraseSession(_impatient(settings, retries=1), "https://tms.test/web", sleep=lambda _: None)
    with pytest.raises(PhraseGatewayError, match=f"proxy answered {status}.*{hint}") as caught:
        sender.json(Call(endpoint))
    assert not caught.value.sent
    assert proxy.requests == ["CONNECT tms.test:443"] * 2
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        (500, f"GET / Authorization: Bearer access-{SECRET}".encode(), "text/plain"),
        (404, f"<title>Bearer access-{SECRET}</title>".encode(), "text/html"),
        (400, {"errorCode": "X", "errorDescription": f"bad token access-{SECRET}"}, "application/json"),
        (400, {"errorCode": f"access-{SECRET}"}, "application/json"),
    ],
)
def test_token_that_a_server_gives_back_is_masked(wire, settings, told, answer):
    status, body, kind = answer
    server = wire(wire.answer(status, body, Content_Type=kind))
    sender = PhraseSession(
        _impatient(settings), server.url, token=TokenSource(lambda: AccessToken(f"access-{SECRET}", 1e12))
    )
    with pytest.raises(PhraseError, match=r"\*\*\*") as caught:
        sender.json(Call(READ))
    assert SECRET not in told(caught.value)


def test_api_token_that_a_server_gives_back_is_masked(wire, settings, told):
    api_token = f"api/token+{SECRET}"
    server = wire(wire.answer(400, {"error": "invalid_grant", "error_description": f"unknown: {api_token}"}))
    with pytest.raises(PhraseError, match=r"unknown: \*\*\*") as caught:
        exchange(PhraseSession(settings, server.url), api_token)
    assert SECRET not in told(caught.value)


class _Tokens(TokenSource):
    """Gives a value that no exchange would let pass."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get(self) -> str:
        return self._value


def _impatient(settings: ClientSettings, retries: int = 0) -> ClientSettings:
    from dataclasses import replace

    return replace(settings, retries=retries, timeout=2)
