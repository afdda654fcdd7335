"""Answers that never end although they are never silent: each call ends, and so does the process."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from phrase_provider.api import deadline
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.exceptions import PhraseOutcomeUnknownError, PhraseTransportError

READ = Endpoint("GET", "/read")
CREATE = Endpoint("POST", "/create", Repeat.LOOK_UP)
DOWNLOAD = Endpoint("GET", "/download", Repeat.START_OVER)

OK = b"HTTP/1.1 200 OK\r\n"
NAMED = b"Content-Disposition: filename*=UTF-8''a\r\n"
LONG = b"Content-Length: 99999\r\n"
DRIPS = {
    "status line": (b"HTTP/1.1 20", b"0"),
    "headers": (OK + b"X-Long: ", b"x"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body with a length": (OK + LONG + b"\r\n", b" "),
    "body without a length": (OK + b"\r\n", b" "),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "body of an error": (b"HTTP/1.1 404 X\r\n" + LONG + b"\r\n", b" "),
    "body of a redirect": (b"HTTP/1.1 302 X\r\nLocation: /a\r\n\r\n", b" "),
}
FILES = {
    "body with a length": (OK + NAMED + LONG + b"\r\n", b"x"),
    "chunks": (OK + NAMED + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "compressed": (
        OK + NAMED + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        b"\x00\x00\x00\xff\xff",
    ),
    "page": (OK + b"Content-Type: text/html\r\n\r\n", b"<br>"),
}
#: Seconds; the deadline is at twice as many.
SHORT = {"timeout": 0.4, "retries": 0}


@pytest.mark.parametrize(("begin", "piece"), DRIPS.values(), ids=DRIPS)
def test_answer_that_drips_ends_at_the_deadline(wire, session, begin, piece):
    server = wire(wire.drip(begin, piece))
    with pytest.raises(PhraseTransportError, match="No whole answer to GET /read within") as caught:
        session(server.url, **SHORT).json(Call(READ))
    assert (caught.value.can_pass, caught.value.sent) == (True, True)
    assert server.requests == ["GET /read"]


def test_answer_that_drips_is_asked_for_again(wire, session):
    server = wire(wire.DRIP, wire.answer(200, {"fine": 1}))

    def wait(seconds: float) -> None:
        asking.settings = replace(asking.settings, timeout=5)

    asking = session(server.url, sleep=wait, timeout=0.4)
    assert asking.json(Call(READ)) == {"fine": 1}
    assert server.requests == ["GET /read"] * 2


def test_outcome_of_a_create_that_drips_is_not_known(wire, session, waits):
    server = wire(wire.DRIP)
    with pytest.raises(PhraseOutcomeUnknownError, match="within"):
        session(server.url, timeout=0.4).json(Call(CREATE, body={}))
    assert (server.requests, waits) == (["POST /create"], [])


def test_time_for_an_upload_is_not_time_for_its_answer(wire, session):
    content = bytes(600 * deadline.SLOWEST)
    server, began = wire(wire.DRIP), time.monotonic()
    with pytest.raises(PhraseOutcomeUnknownError, match="within"):
        session(server.url, **SHORT).json(Call(CREATE, upload=lambda: io.BytesIO(content)))
    assert server.received[0].body == content
    assert time.monotonic() - began < 300


def test_upload_has_the_time_that_its_size_needs(wire, session):
    content = bytes(60 * deadline.SLOWEST)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 0:
                time.sleep(5)
            return super().read(size)

    server = wire(wire.answer(200, {}))
    assert session(server.url, timeout=2).json(Call(CREATE, upload=lambda: Slow(content))) == {}
    assert server.received[0].body == content


@pytest.mark.parametrize(("begin", "piece"), FILES.values(), ids=FILES)
def test_file_that_drips_ends_at_the_deadline(wire, session, begin, piece):
    server = wire(wire.drip(begin, piece))
    with (
        pytest.raises(PhraseTransportError, match="No whole answer to GET /download within"),
        session(server.url, **SHORT).stream(Call(DOWNLOAD)) as body,
    ):
        list(body.iter_chunks())
    assert server.requests == ["GET /download"]


def test_file_that_comes_steadily_has_all_the_time_that_it_needs(wire, session):
    size = 4 * deadline.SLOWEST
    head = OK + NAMED + b"Content-Length: %d\r\n\r\n" % (50 * size)
    server = wire(wire.drip(head, bytes(size)))
    # Ten pieces a second at most, and a deadline that would come after 4 s.
    with session(server.url, timeout=2).stream(Call(DOWNLOAD)) as body:
        assert sum(map(len, body.iter_chunks())) == 50 * size


def test_tls_changes_nothing(wire, session, tls, certificate):
    server = wire(wire.DRIP, tls=tls)
    with pytest.raises(PhraseTransportError, match="No whole answer to GET /read within"):
        session(server.url, verify=str(certificate), **SHORT).json(Call(READ))
    assert server.requests == ["GET /read"]


@pytest.mark.parametrize("url", ["http://tms.test", "https://tms.test"])
def test_proxy_that_drips_is_left_too(wire, session, monkeypatch, url):
    proxy = wire(wire.drip(OK + b"X-Long: ", b"x"))
    monkeypatch.setenv(f"{url.partition(':')[0]}_proxy", proxy.url)
    with pytest.raises(PhraseTransportError, match="No whole answer to GET /read within"):
        session(url, **SHORT).json(Call(READ))
    assert proxy.requests == [f"GET {url}/read" if url.startswith("http:") else "CONNECT tms.test:443"]


def test_proxy_that_drips_over_tls_is_left_too(wire, session, monkeypatch, tls, certificate):
    proxy = wire(wire.drip(OK + b"X-Long: ", b"x"), tls=tls)
    monkeypatch.setenv("https_proxy", proxy.url)
    with pytest.raises(PhraseTransportError, match="No whole answer to GET /read within"):
        session("https://tms.test", verify=str(certificate), **SHORT).json(Call(READ))
    assert proxy.requests == ["CONNECT tms.test:443"]


def test_kept_alive_connection_is_watched_in_each_call(session):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_answer_once_then_drip, args=(listening,), daemon=True).start()
        asking = session(f"http://127.0.0.1:{listening.getsockname()[1]}", retries=0)
        assert asking.json(Call(READ)) == {}
        asking.settings = replace(asking.settings, timeout=0.4)
        with pytest.raises(PhraseTransportError, match="No whole answer to GET /read within"):
            asking.json(Call(READ))


def _answer_once_then_drip(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        connection.recv(1 << 16)
        connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")
        connection.recv(1 << 16)
        while True:
            connection.sendall(b"H")
            time.sleep(0.1)


def test_calls_are_watched_by_one_thread(wire, session):
    servers = [wire(wire.DRIP) for _ in range(8)]
    calls = [
        threading.Thread(target=_fail, args=(session(server.url, **SHORT),), daemon=True)
        for server in servers
    ]
    for call in calls:
        call.start()
    watching = [thread.name for thread in threading.enumerate()].count("phrase-deadlines")
    for call in calls:
        call.join(60)
    assert not any(call.is_alive() for call in calls)
    assert watching == 1


def _fail(asking: PhraseSession) -> None:
    with pytest.raises(PhraseTransportError, match="within"):
        asking.json(Call(READ))


PROGRAM = """
import asyncio, os, sys
from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import PhraseTransportError
from phrase_provider.waiting.hub.request_executor import RequestExecutor

url = sys.argv[1]
settings = ClientSettings("t", url, url, url, timeout=0.4, retries=0)
ask = lambda client: client.session.json(Call(Endpoint("GET", "/read")))
client = TmsClient(PhraseSession(settings, url))
"""
LEAVE_THE_HUB = """
async def connect():
    return client

async def main():
    line = RequestExecutor(connect, per_minute=60)
    asking = asyncio.ensure_future(line.ask(ask))
    await asyncio.wait([asking], timeout=0.3)
    line.close()
    asking.cancel()

asyncio.run(main())
"""
LEAVE_A_POOL = """
from concurrent.futures import ThreadPoolExecutor

ThreadPoolExecutor(1).submit(ask, client)
"""
FORK = """
def fails():
    try:
        ask(client)
    except PhraseTransportError as error:
        return "within" in str(error)

assert fails()
child = os.fork()
if not child:
    os._exit(7 if fails() else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""


@pytest.mark.parametrize(
    ("program", "calls"), [(LEAVE_THE_HUB, 1), (LEAVE_A_POOL, 1), (FORK, 2)], ids=["hub", "pool", "fork"]
)
def test_process_ends_while_a_host_drips(wire, program, calls):
    server = wire(wire.DRIP, wire.DRIP)
    command = [sys.executable, "-c", PROGRAM + program, server.url]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert server.requests == ["GET /read"] * calls
