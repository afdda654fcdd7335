"""Answers that never end: what they cost those who wait over the same connection, and the process."""

from __future__ import annotations

import asyncio
import json
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hub_runs import HubRun
from phrase_fixtures import until

from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished

TOKEN = {"access_token": "access", "token_type": "Bearer", "expires_in": 14399}
FINISHED = {"action": "EXPORT_COMPLETE_FILE", "asyncResponse": {"errorCode": None, "errorDesc": None}}
HEAD = "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


class Dripping(socketserver.ThreadingTCPServer):
    """Gives tokens; lets the first two answers about async requests drip for ever, and gives the others."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, drips: float) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: Counter[str] = Counter()
        self.drips = drips
        self.lock = threading.Lock()
        self.urls = dict.fromkeys(
            ("platform_url", "tms_url", "strings_url"), f"http://127.0.0.1:{self.server_address[1]}"
        )


class _Answers(socketserver.StreamRequestHandler):
    server: Dripping

    def handle(self) -> None:
        method, path, _ = self.rfile.readline().decode().split()
        length = 0
        while line := self.rfile.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.rfile.read(length)
        if method == "POST":
            return self._answer(TOKEN)
        with self.server.lock:
            self.server.asked[path] += 1
            drips = self.server.asked.total() <= self.server.drips
        if drips:
            return self._drip()
        return self._answer({"id": path.rpartition("/")[2], **FINISHED})

    def _answer(self, body: object) -> None:
        content = json.dumps(body).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\nmemsource-action-id: a\r\n"
        self.wfile.write(
            f"{head}Content-Type: application/json\r\nConnection: close\r\n\r\n".encode() + content
        )

    def _drip(self) -> None:
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\nContent-Type: application/json\r\n\r\n"
        )
        with suppress(OSError):
            while True:
                self.wfile.write(b" ")
                time.sleep(0.05)


@pytest.fixture
def serve():
    servers: list[Dripping] = []

    def start(drips: float) -> Dripping:
        servers.append(Dripping(drips))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_two_answers_that_drip_end_no_waits(serve):
    server = serve(drips=2)

    async def go():
        settings = ClientSettings("token", **server.urls, timeout=1, retries=0, token_cache=False)
        run = HubRun(lambda: TmsClient.connect(settings))
        return await run.wait_all([AsyncRequestFinished(str(number)) for number in range(1, 4)])

    results = asyncio.run(go())
    assert [result["async_request_id"] for result in results] == ["1", "2", "3"]
    # The two that dripped are asked again.
    assert sorted(server.asked.values()) == [1, 2, 2]


ENDS = {
    "cancelled": "waiting.cancel()",
    "left": "pass",
    "exit": "raise SystemExit(0)",
}
PROGRAM = """
import asyncio, json, sys
from hub_runs import HubRun
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished

async def main():
    settings = ClientSettings("token", **json.loads(sys.argv[1]), timeout=3600, retries=0, token_cache=False)
    run = HubRun(lambda: TmsClient.connect(settings))
    waits = [AsyncRequestFinished("1"), AsyncRequestFinished("2")]
    waiting = asyncio.ensure_future(run.wait_all(waits, 3600))
    # Until the test has seen both calls on the wire.
    await asyncio.to_thread(sys.stdin.read)
    {end}

asyncio.run(main())
"""


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_process_ends_though_threads_are_in_calls(serve, end):
    server = serve(drips=float("inf"))
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(end=end), json.dumps(server.urls)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    until(lambda: server.asked.total() >= 2 or process.poll() is not None)
    assert server.asked.total() == 2
    assert process.stdin
    process.stdin.close()
    try:
        assert process.wait(60) == 0
    finally:
        process.kill()
