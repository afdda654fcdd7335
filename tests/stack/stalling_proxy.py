"""A TCP proxy that stops in the middle of an upload or a download."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

UPLOAD, DOWNLOAD = "upload", "download"


class StallingProxy:
    """
    Passes everything on until one connection has carried so many bytes in one direction; stalls once.

    :param url: of the server behind it.
    :param direction: which way is counted, :data:`UPLOAD` or :data:`DOWNLOAD`.
    :param limit: bytes after which the connection stalls.
    """

    def __init__(self, url: str, direction: str, limit: int) -> None:
        target = urlsplit(url)
        self._target = (target.hostname, target.port)
        self._direction, self._limit = direction, limit
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.stalled = threading.Event()
        self._released = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._listening.close()
        for each in self._open:
            each.close()

    def release(self) -> None:
        """End the connection that stalled; later ones pass."""
        self._released.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._target)
                self._open += [client, server]
                for source, sink, direction in ((client, server, UPLOAD), (server, client, DOWNLOAD)):
                    threading.Thread(target=self._pump, args=(source, sink, direction), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: str) -> None:
        carried = 0
        with suppress(OSError):
            while piece := source.recv(65536):
                carried += len(piece)
                if direction == self._direction and carried > self._limit and not self.stalled.is_set():
                    self.stalled.set()
                    self._released.wait()
                    break
                sink.sendall(piece)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
