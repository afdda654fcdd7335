"""Hosts whose answers drip for ever, and connections that somebody changed meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import PhraseGatewayError, PhraseTransportError
from phrase_provider.waiting.hub.request_executor import THREADS, RequestExecutor

READ = Endpoint("GET", "/read")


@pytest.fixture
def client():
    def make(url: str, timeout: float) -> TmsClient:
        settings = ClientSettings("", url, url, url, timeout=timeout, retries=0)
        return TmsClient(PhraseSession(settings, url))

    return make


def test_threads_of_a_connection_come_back_from_answers_that_drip(wire, client):
    dripping = [wire(wire.DRIP) for _ in range(THREADS)]
    server = wire(wire.answer(200, {"fine": 1}))
    clients = [client(each.url, timeout=0.4) for each in dripping]
    well = client(server.url, timeout=20)

    async def connect() -> TmsClient:
        return well

    async def ask() -> list[object]:
        line = RequestExecutor(connect, per_minute=6000)
        try:
            lost = [line.ask(lambda _, each=each: each.session.json(Call(READ))) for each in clients]
            calls = [asyncio.ensure_future(call) for call in lost]
            await asyncio.sleep(0)
            calls.append(asyncio.ensure_future(line.ask(lambda each: each.session.json(Call(READ)))))
            return await asyncio.gather(*calls, return_exceptions=True)
        finally:
            line.close()

    *lost, answer = asyncio.run(asyncio.wait_for(ask(), 50))
    assert answer == {"fine": 1}
    assert [type(error) for error in lost] == [PhraseTransportError] * THREADS
    assert all("No whole answer to GET /read within" in str(error) for error in lost)
    assert [each.requests for each in dripping] == [["GET /read"]] * THREADS


def ask_one_after_the_other(*clients: TmsClient) -> object:
    """Make one call with an executor that gets another client each time it connects."""
    left = iter(clients)

    async def connect() -> TmsClient:
        return next(left)

    async def ask() -> object:
        executor = RequestExecutor(connect, per_minute=6000)
        try:
            return await executor.ask(lambda each: each.session.json(Call(READ)))
        finally:
            executor.close()

    return asyncio.run(asyncio.wait_for(ask(), 50))


def test_401_of_a_gateway_reads_the_connection_again(wire, client):
    gateway, server = wire(wire.answer(401, b"<html>Log in</html>")), wire(wire.answer(200, {"fine": 1}))
    clients = [client(each.url, timeout=20) for each in (gateway, server)]
    assert ask_one_after_the_other(*clients) == {"fine": 1}
    assert gateway.requests == server.requests == ["GET /read"]


def test_other_answers_of_a_gateway_do_not_read_the_connection_again(wire, client):
    gateway = wire(wire.answer(403, b"<html>Blocked</html>"))
    with pytest.raises(PhraseGatewayError):
        ask_one_after_the_other(client(gateway.url, timeout=20))
    assert gateway.requests == ["GET /read"]
