"""A server that answers the polls of the peers, always with "still running", and counts them."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    Scope = MutableMapping[str, Any]

#: Seconds before each answer.
LATENCY = 0.05

_ARRIVALS = "/_arrivals"

_FIVETRAN = {
    "id": "c1",
    "service": "sheets",
    "schema": "s",
    "paused": False,
    "succeeded_at": "2026-01-01T00:00:00.000000Z",
    "failed_at": None,
    "status": {
        "setup_state": "connected",
        "sync_state": "syncing",
        "update_state": "on_schedule",
        "is_historical_sync": False,
        "tasks": [],
        "warnings": [],
    },
}
#: By a piece of the path; the sensor of the http provider waits as long as it gets 404.
ANSWERS: dict[str, tuple[int, Any]] = {
    "/accounts/": (200, {"data": {"id": 1, "status": 3}, "status": {"code": 200}}),
    "/jobs/runs/get": (200, {"state": {"life_cycle_state": "RUNNING", "state_message": ""}}),
    "/v1/connectors": (200, {"code": "Success", "data": _FIVETRAN}),
    "/jobs/": (
        200,
        {"jobId": 1, "status": "running", "jobType": "sync", "startTime": "2026-01-01", "connectionId": "c"},
    ),
    "/floor": (200, {"data": {"id": 1, "status": 3}}),
}


class Stub:
    """
    The running stub.

    :param url: its base.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def count(self, since: float, until: float) -> int:
        """Count the requests that arrived between two moments, in epoch seconds."""
        with urlopen(f"{self.url}{_ARRIVALS}") as answer:
            return sum(since <= moment <= until for moment in json.load(answer))


@contextmanager
def running() -> Iterator[Stub]:
    """Serve in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    bound = socket.create_server(("127.0.0.1", 0), backlog=1024)
    process = spawn.Process(target=_serve, args=(bound,), daemon=True)
    process.start()
    try:
        yield Stub(f"http://127.0.0.1:{bound.getsockname()[1]}")
    finally:
        process.terminate()
        process.join()
        bound.close()


def _serve(bound: socket.socket) -> None:
    arrivals: Any = []

    async def app(scope: Scope, _: Any, send: Any) -> None:
        path, answer = scope["path"], (200, arrivals)
        if path != _ARRIVALS:
            arrivals.append(time.time())
            await asyncio.sleep(LATENCY)
            answer = next((each for part, each in ANSWERS.items() if part in path), (404, {}))
        status, body = answer
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    config = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False, timeout_keep_alive=75)
    uvicorn.Server(config).run(sockets=[bound])
