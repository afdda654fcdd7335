from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from phrase_fixtures import after_request, connect, once, phrase, standing_simulator  # noqa: F401
from scheduling import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

RESET, HANG, CLOSE = "reset", "hang", "close"

Late = tuple[float, bytes]

# Run by `make test-clients`, in an environment that has the clients.
collect_ignore = ["clients"]


@dataclass(frozen=True)
class Drip:
    """An answer that never ends and is never silent."""

    begin: bytes
    piece: bytes = b" "


DRIP = Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
Action = bytes | str | Late | Drip


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: http.client.HTTPMessage
    body: bytes


class Wire(threading.Thread):
    """A server on a real socket that does with each request what its script says next."""

    def __init__(self, script: tuple[Action, ...], tls: ssl.SSLContext | None) -> None:
        super().__init__(daemon=True)
        self._script, self._tls = list(script), tls
        self._held: list[socket.socket] = []
        # Bound but not listening: the port is ours, and refuses.
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.received: list[Received] = []
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def requests(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.received]

    def listen(self) -> None:
        self._socket.listen(64)
        self.start()

    def run(self) -> None:
        with suppress(OSError):
            while True:
                self._serve(self._socket.accept()[0])

    def stop(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._held:
            connection.close()
        if self.ident:
            self.join(5)

    def _serve(self, connection: socket.socket) -> None:
        self._held.append(connection)
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            if request := _read(connection):
                self.received.append(request)
                _act(connection, self._script.pop(0) if self._script else _answer(599))


class Wires:
    RESET, HANG, CLOSE, DRIP = RESET, HANG, CLOSE, DRIP

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, *script: Action, listen: bool = True, tls: ssl.SSLContext | None = None) -> Wire:
        wire = Wire(script, tls)
        self._stack.callback(wire.stop)
        if listen:
            wire.listen()
        return wire

    @staticmethod
    def late(seconds: float, answer: bytes) -> Late:
        return seconds, answer

    @staticmethod
    def drip(begin: bytes, piece: bytes = b" ") -> Drip:
        return Drip(begin, piece)

    @staticmethod
    def answer(status: int = 200, body: object = b"", **headers: str) -> bytes:
        return _answer(status, body, **headers)

    @staticmethod
    def refusal(status: int, code: str = "Code", **headers: str) -> bytes:
        """Return an error answer that is Phrase's own."""
        return _answer(status, {"errorCode": code, "errorDescription": None}, **headers)

    def token(self, value: str = "access-1", expires_in: object = 14399) -> bytes:
        return self.answer(200, {"access_token": value, "token_type": "Bearer", "expires_in": expires_in})


def _answer(status: int, body: object = b"", **headers: str) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Length": len(content), "Connection": "close"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + content


def _read(connection: socket.socket) -> Received | None:
    file = connection.makefile("rb")
    if file.peek(1)[:1] == b"\x16":
        # A client that speaks TLS: answer as a server of plain HTTP does.
        connection.sendall(_answer(400))
        connection.close()
        return None
    if not (line := file.readline().decode()):
        return None
    method, path, _ = line.split()
    headers = http.client.parse_headers(file)
    return Received(method, path, headers, file.read(int(headers.get("Content-Length", 0))))


def _act(connection: socket.socket, action: Action) -> None:
    if isinstance(action, tuple):
        time.sleep(action[0])
        action = action[1]
    if action == HANG:
        return
    if isinstance(action, Drip):
        connection.sendall(action.begin)
        while True:
            connection.sendall(action.piece)
            time.sleep(0.1)
    if action == RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif isinstance(action, bytes):
        connection.sendall(action)
    if action != RESET:
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@pytest.fixture
def wire() -> Iterator[Wires]:
    with ExitStack() as stack:
        yield Wires(stack)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
