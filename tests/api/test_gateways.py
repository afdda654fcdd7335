"""Answers that a proxy, a gateway or a login page gives are no answers of Phrase."""

from __future__ import annotations

import re

import pytest

from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import (
    PhraseGatewayError,
)

READ = Endpoint("GET", "/read")
CREATE = Endpoint("POST", "/create", Repeat.LOOK_UP)
DOWNLOAD = Endpoint("GET", "/download", Repeat.START_OVER)
PAGE = b"<html><head><title>Sign in</title></head></html>"


def test_error_without_a_mark_tells_what_came(requests_mock, session):
    requests_mock.get("https://tms.test/web/read", status_code=404, content=PAGE)
    with pytest.raises(PhraseGatewayError) as caught:
        session(retries=1).json(Call(READ))
    error = caught.value
    assert (error.can_pass, error.is_fault, error.status, error.endpoint) == (True, True, 404, "GET /read")
    assert error.description == "an HTML page titled 'Sign in'"
    assert re.search(r"404 to GET /read has no mark of Phrase.*proxy.*check the URLs", str(error))


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://login.corp.test/saml?SAMLRequest=secret", "a redirect to login.corp.test"),
        ("/login?next=secret", "a redirect to another page"),
        ("https://[secret", "a redirect to another page"),
        ("", "a redirect to another page"),
    ],
)
def test_redirect_names_the_host_it_leads_to_and_no_more(requests_mock, session, location, told):
    requests_mock.get("https://tms.test/web/read", status_code=302, headers={"Location": location})
    with pytest.raises(PhraseGatewayError, match=told) as caught:
        session(retries=0).json(Call(READ))
    assert "secret" not in str(caught.value)


def test_plain_text_is_kept_cut_and_escaped(requests_mock, session):
    text = "upstream \x1b[31mdown\n" + "x" * 9999
    requests_mock.get(
        "https://tms.test/web/read", status_code=503, text=text, headers={"Content-Type": "Text/Plain"}
    )
    with pytest.raises(PhraseGatewayError) as caught:
        session(retries=0).json(Call(READ))
    told = caught.value.description
    assert told.startswith("the text 'upstream \\x1b[31mdown\\nxxx")
    assert len(told) < 400


def test_body_in_an_unknown_encoding_is_still_told(requests_mock, session):
    requests_mock.get(
        "https://tms.test/web/read",
        status_code=503,
        content=b"down",
        headers={"Content-Type": "text/plain; charset=klingon"},
    )
    with pytest.raises(PhraseGatewayError, match="the text 'down'"):
        session(retries=0).json(Call(READ))


def test_401_without_a_mark_renews_once_and_names_both_causes(wire, settings, waits):
    refused = wire.answer(401, PAGE)
    server = wire(wire.token("old"), refused, wire.token("new"), *[refused] * 6)
    client = _connect(settings, server, waits)
    with pytest.raises(PhraseGatewayError, match=r"401.*login page.*or the API token.*revoked"):
        client.session.json(Call(READ))
    assert server.requests.count("POST /idm/oauth/token") == 2
    assert server.requests.count("GET /read") == 2 + settings.retries
    assert len(waits) == settings.retries


def test_token_that_works_again_is_renewed_when_it_ends(wire, settings, waits):
    refused, fine = wire.answer(401, PAGE), wire.answer(200, {})
    first = wire.token("a"), refused, wire.token("b"), refused, fine
    server = wire(*first, refused, wire.token("c"), fine)
    client = _connect(settings, server, waits)
    for _ in range(2):
        assert client.session.json(Call(READ)) == {}
    assert server.received[-1].headers["Authorization"] == "Bearer c"


def test_403_without_a_mark_ends_and_names_both_causes(requests_mock, session):
    requests_mock.get("https://tms.test/web/read", status_code=403, content=PAGE)
    with pytest.raises(PhraseGatewayError, match=r"403.*login page.*or the user.*lacks the right"):
        session(retries=3).json(Call(READ))
    assert requests_mock.call_count == 4


@pytest.mark.parametrize("endpoint", [READ, CREATE, DOWNLOAD])
def test_407_speaks_of_the_proxy_and_was_not_sent_on(requests_mock, session, endpoint):
    url = f"https://tms.test/web{endpoint.path}"
    requests_mock.register_uri(endpoint.method, url, status_code=407, json={"errorCode": "X"})
    with pytest.raises(PhraseGatewayError, match=r"407.*The proxy wants a user and a password") as caught:
        session(retries=2).json(Call(endpoint))
    assert not caught.value.sent
    assert requests_mock.call_count == 3


@pytest.mark.parametrize("status", [400, 403, 407])
def test_token_exchange_that_never_reaches_phrase_does_not_blame_the_api_token(wire, settings, waits, status):
    server = wire(*[wire.answer(status, PAGE)] * 6)
    platform = PhraseSession(settings, server.url, sleep=waits.append)
    with pytest.raises(PhraseGatewayError) as caught:
        exchange(platform, settings.api_token)
    assert "Make a new one" not in str(caught.value)
    assert ("proxy wants a user" in str(caught.value)) == (status == 407)


def test_read_that_phrase_need_not_serve_is_missing_whoever_says_so(wire, session, waits):
    server = wire(
        wire.answer(404, PAGE),
        wire.answer(200, {"uid": "j1", "targetLang": "de", "workflowLevel": 1}),
        wire.answer(200, {"content": [], "totalPages": 1}),
    )
    parts = TmsClient(session(server.url)).jobs.get_parts("p1", "j1")
    assert [part["uid"] for part in parts] == ["j1"]
    assert waits == []


def _connect(settings, server, waits):
    platform = PhraseSession(settings, server.url, sleep=waits.append)
    token = TokenSource(lambda: exchange(platform, settings.api_token))
    return TmsClient(PhraseSession(settings, server.url, token=token, sleep=waits.append))
