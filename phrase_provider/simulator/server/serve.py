"""Serving with uvicorn: one process, one event loop, a clean stop on SIGINT and SIGTERM."""

from __future__ import annotations

import signal
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp

    from phrase_provider.simulator.server.connections import Connections

_KEEP_ALIVE = 75
"""Seconds that an idle connection stays open, so that clients rarely reuse one that is just closing."""
_LAST_REQUESTS = 1
"""Seconds that a stop waits for running requests, some of which may hang on purpose."""
_HEADER_LIMIT = 1_000_000


def bind(host: str, port: int) -> socket.socket:
    """
    Return a socket that is bound to an address.

    :param port: 0 for any that is free.
    :raises OSError: when the address is in use or not one of this machine.
    """
    return socket.create_server((host, port), backlog=1024)


def serve(app: ASGIApp, connections: Connections, bound: socket.socket) -> None:
    """Serve until a signal arrives; prints one line as soon as requests are answered."""
    config = uvicorn.Config(
        app,
        http=_tracking(connections),
        lifespan="on",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_LAST_REQUESTS,
        h11_max_incomplete_event_size=_HEADER_LIMIT,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again when it has stopped; a stop that was asked for is a success.
        signal.signal(number, lambda *_: None)
    _Server(config).run(sockets=[bound])


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            sys.stdout.write(f"Phrase simulator ready at http://{host}:{port}\n")
            sys.stdout.flush()


def _tracking(connections: Connections) -> type[asyncio.Protocol]:
    class TrackingProtocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            connections.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.lost(self.transport)
            super().connection_lost(exc)

    return TrackingProtocol
