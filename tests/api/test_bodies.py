"""JSON is read within bounds, whatever is sent. For files see tms/test_downloads.py."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from phrase_provider.api.bodies import MAX_JSON
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call
from phrase_provider.exceptions import PhraseError, PhraseOutcomeUnknownError, PhraseServerError

READ = Endpoint("GET", "/read")
CREATE = Endpoint("POST", "/create", Repeat.LOOK_UP)
MIB = 1 << 20


def test_longest_answer_is_read(wire, session):
    text = b'"' + b"x" * (MAX_JSON - 2) + b'"'
    server = wire(wire.answer(200, gzip.compress(text), Content_Encoding="gzip"))
    assert session(server.url).json(Call(READ)) == "x" * (MAX_JSON - 2)


def test_longer_answer_is_a_fault(wire, session, waits):
    server = wire(wire.answer(200, b"[" + b" " * MAX_JSON), wire.answer(200, {"fine": 1}))
    assert session(server.url).json(Call(READ)) == {"fine": 1}
    assert len(waits) == 1


def test_outcome_of_a_create_with_a_longer_answer_is_not_known(wire, session):
    server = wire(wire.answer(201, b"[" + b" " * MAX_JSON))
    with pytest.raises(PhraseOutcomeUnknownError, match="more than 8 MiB of JSON"):
        session(server.url).json(Call(CREATE, body={}))
    assert server.requests == ["POST /create"]


@pytest.mark.parametrize("status", [200, 404, 302])
def test_bomb_is_not_unpacked(wire, session, status):
    bomb = gzip.compress(bytes(200 * MIB))
    server = wire(wire.answer(status, bomb, Content_Encoding="gzip"))
    tracemalloc.start()
    try:
        with pytest.raises(PhraseError):
            session(server.url, retries=0).json(Call(READ))
        assert tracemalloc.get_traced_memory()[1] < 100 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("status", [b"200 OK", b"503 Busy", b"302 Found\r\nLocation: /elsewhere"])
def test_answer_that_never_ends_is_left_at_the_bound(wire, session, status):
    server = wire(wire.drip(b"HTTP/1.1 " + status + b"\r\n\r\n[", b" " * MIB))
    with pytest.raises(PhraseError) as caught:
        session(server.url, retries=0).json(Call(READ))
    assert "within" not in str(caught.value)


def test_what_a_long_error_says_at_its_beginning_is_told(wire, session):
    page = b"<html><title>Under maintenance</title>" + b"<br>" * MIB
    server = wire(wire.answer(503, page))
    with pytest.raises(PhraseError, match="Under maintenance"):
        session(server.url, retries=0).json(Call(READ))


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 100_000, b"[" + b"9" * 5_000 + b"]"])
def test_json_that_cannot_be_read_is_a_fault(wire, session, text):
    server = wire(wire.answer(200, text, memsource_action_id="a1"))
    with pytest.raises(PhraseServerError, match="instead of JSON"):
        session(server.url, retries=0).json(Call(READ))
