from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from phrase_provider.api.auth.token import FALLBACK_LIFE, AccessToken, TokenSource, exchange
from phrase_provider.api.auth.token_cache import TokenCache
from phrase_provider.api.session import PhraseSession
from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseError,
    PhrasePermissionError,
    PhraseServerError,
)

URL = "https://platform.test/idm/oauth/token"


@pytest.fixture
def platform(settings, waits):
    def make(url=settings.platform_url):
        return PhraseSession(settings, url, sleep=waits.append)

    return make


@pytest.fixture
def source(platform, settings):
    def make(url=settings.platform_url, **options):
        return TokenSource(lambda: exchange(platform(url), settings.api_token), **options)

    return make


def test_exchange_sends_the_form_of_the_platform_api(wire, platform, settings):
    server = wire(wire.token())
    exchange(platform(server.url), settings.api_token)
    (request,) = server.received
    assert request.path == "/idm/oauth/token"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["urn:ietf:params:oauth:grant-type:token-exchange"],
        "subject_token": [settings.api_token],
    }
    assert request.headers["Authorization"] is None


@pytest.mark.parametrize(
    ("expires_in", "used_for"),
    [
        (14399, 14099),
        (600, 540),
        (None, FALLBACK_LIFE * 0.9),
        ("14399", 14099),
        ("soon", FALLBACK_LIFE * 0.9),
        ([], FALLBACK_LIFE * 0.9),
    ],
)
def test_token_is_left_before_it_ends(requests_mock, platform, expires_in, used_for):
    requests_mock.post(URL, json={"access_token": "t", "expires_in": expires_in})
    token = exchange(platform(), "api")
    assert token.use_until - time.time() == pytest.approx(used_for, abs=2)
    assert token.usable


@pytest.mark.parametrize("status", [400, 401])
def test_refused_api_token_says_what_to_do(requests_mock, platform, status):
    requests_mock.post(
        URL, status_code=status, json={"error": "invalid_grant", "error_description": "expired"}
    )
    with pytest.raises(PhraseAuthenticationError, match=r"invalid_grant.*expired.*API token") as caught:
        exchange(platform(), "api-token-not-to-be-seen")
    assert requests_mock.call_count == 1
    assert caught.value.status == status
    assert not caught.value.can_pass
    assert "not-to-be-seen" not in f"{caught.value}{caught.value!r}{caught.value.__cause__}"


def test_missing_right_stays_what_it_is(requests_mock, platform):
    requests_mock.post(URL, status_code=403, json={"error": "access_denied"})
    with pytest.raises(PhrasePermissionError):
        exchange(platform(), "api")


@pytest.mark.parametrize("answer", [{}, [], "text", {"access_token": ""}, {"access_token": None}])
def test_answer_without_a_token_is_an_error(requests_mock, platform, answer):
    requests_mock.post(URL, json=answer)
    with pytest.raises(PhraseServerError, match=r"without an access_token.*platform URL"):
        exchange(platform(), "api")


def test_exchange_is_repeated_although_it_is_a_post(wire, platform, waits):
    server = wire(wire.RESET, wire.answer(503), wire.token("late"))
    assert exchange(platform(server.url), "api").value == "late"
    assert len(server.requests) == 3
    assert len(waits) == 2


def test_token_is_exchanged_when_it_is_needed_and_kept(wire, source):
    server = wire(wire.token("first"))
    tokens = source(server.url)
    assert server.requests == []
    assert {tokens.get() for _ in range(5)} == {"first"}
    assert len(server.requests) == 1


def test_ended_token_is_renewed(wire, source):
    server = wire(wire.token("first", expires_in=-1), wire.token("second"))
    tokens = source(server.url)
    assert [tokens.get(), tokens.get(), tokens.get()] == ["first", "second", "second"]
    assert len(server.requests) == 2


def test_many_threads_exchange_once(wire, source):
    server = wire(wire.token("only"))
    tokens, gate = source(server.url), threading.Barrier(16)

    def get(_):
        gate.wait()
        return tokens.get()

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(get, range(16))) == {"only"}
    assert len(server.requests) == 1


def test_many_threads_renew_once(wire, source):
    server = wire(wire.token("old"), wire.token("new"))
    tokens, gate = source(server.url), threading.Barrier(16)
    rejected = tokens.get()

    def renew(_):
        gate.wait()
        return tokens.renew(rejected)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(renew, range(16))) == {"new"}
    assert len(server.requests) == 2


def test_token_that_another_process_renewed_is_taken_over(wire, source, tmp_path):
    server = wire(wire.token("old"), wire.token("new"))

    def of_a_process():
        return source(server.url, cache=TokenCache("api", server.url, tmp_path / "cache"))

    one, other = of_a_process(), of_a_process()
    assert (one.get(), other.get()) == ("old", "old")
    assert one.renew("old") == "new"
    assert other.renew("old") == "new"
    assert len(server.requests) == 2


def test_each_token_in_use_is_told_once(wire, source):
    server = wire(wire.token("first"), wire.token("second"))
    told = []
    tokens = source(server.url, on_new=told.append)
    for _ in range(3):
        tokens.renew("first") if told else tokens.get()
    assert told == ["first", "second"]


def test_failed_exchange_is_tried_again_by_the_next_call(wire, source, settings):
    server = wire(wire.answer(403, {"error": "access_denied"}), wire.token("later"))
    tokens = source(server.url)
    with pytest.raises(PhraseError):
        tokens.get()
    assert tokens.get() == "later"


def test_nothing_shows_a_token(settings):
    shown = repr(AccessToken("not-to-be-seen", 1)) + repr(replace(settings, api_token="not-to-be-seen"))
    assert "not-to-be-seen" not in shown
