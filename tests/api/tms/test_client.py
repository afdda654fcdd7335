"""A client: one token for all that it sends, exchanged when it is first needed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import PhraseTransportError

ME = {"user": {"userName": "anna"}}


@pytest.fixture
def connect(settings):
    def connect(server, **options):
        return TmsClient.connect(replace(settings, platform_url=server.url, tms_url=server.url), **options)

    return connect


def test_token_is_exchanged_at_the_first_call_and_told_to_the_log(wire, connect):
    server = wire(wire.token("first"), wire.answer(200, ME), wire.answer(200, ME))
    told = []
    client = connect(server, on_token=told.append)
    assert (server.requests, told) == ([], [])
    for _ in range(2):
        assert client.users.who_am_i() == ME
    assert server.requests == ["POST /idm/oauth/token", *["GET /api2/v1/auth/whoAmI"] * 2]
    assert server.received[-1].headers["Authorization"] == "Bearer first"
    assert told == ["first"]


def test_impatient_client_has_the_same_token_and_repeats_nothing(wire, connect):
    server = wire(wire.token("first"), wire.answer(200, ME), wire.HANG, wire.answer(200, ME))
    client = connect(server)
    client.users.who_am_i()
    with pytest.raises(PhraseTransportError):
        client.with_timeout(0.2).users.who_am_i()
    # The other client is as patient as before.
    assert client.users.who_am_i() == ME
    assert server.requests == ["POST /idm/oauth/token", *["GET /api2/v1/auth/whoAmI"] * 3]
    assert server.received[2].headers["Authorization"] == "Bearer first"


def test_token_that_is_not_shared_leaves_nothing_behind(wire, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    server = wire(wire.token(), wire.answer(200, {"user": {}}), wire.token(), wire.answer(200, {"user": {}}))
    changed = replace(settings, platform_url=server.url, tms_url=server.url, token_cache=False)
    for _ in range(2):
        TmsClient.connect(changed).users.who_am_i()
    assert server.requests.count("POST /idm/oauth/token") == 2
    assert list(tmp_path.iterdir()) == []
