from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.auth.token_cache import TokenCache
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.exceptions import (
    PhraseError,
)


@pytest.fixture
def source(platform, settings):
    def make(url=settings.platform_url, **options):
        return TokenSource(lambda: exchange(platform(url), settings.api_token), **options)

    return make


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
