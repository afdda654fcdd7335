"""The server's open TCP connections, which faults can drop."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

Client = tuple[str, int]
"""Address and port of the other end, as in ASGI's ``scope["client"]``."""

_NO_LINGER = struct.pack("ii", 1, 0)


class Connections:
    """The open connections by the address of their client."""

    def __init__(self) -> None:
        self._open: dict[Client, asyncio.Transport] = {}

    def opened(self, transport: asyncio.Transport) -> None:
        client = _peer(transport)
        if client:
            self._open[client] = transport

    def lost(self, transport: asyncio.Transport) -> None:
        client = _peer(transport)
        if client:
            self._open.pop(client, None)

    def reset(self, client: Client) -> None:
        """Reset a connection (TCP RST)."""
        transport = self._open.get(client)
        if transport is not None:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()

    def close(self, client: Client) -> None:
        """Close a connection after its buffer was sent."""
        transport = self._open.get(client)
        if transport is not None:
            transport.close()


def _peer(transport: asyncio.Transport) -> Client | None:
    """Return the client's address, or ``None`` when it has already disconnected."""
    peer = transport.get_extra_info("peername")
    return (peer[0], peer[1]) if peer else None
