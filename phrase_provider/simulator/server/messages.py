"""Requests and answers as values, which are simpler to record and to damage than streams."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from phrase_provider.simulator.core.errors import too_large

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeaders = list[tuple[bytes, bytes]]


def text_headers(headers: RawHeaders) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


@dataclass(frozen=True)
class Incoming:
    """A request with its whole body; one that is ``too_large`` has none."""

    scope: Scope
    body: bytes
    too_large: bool = False

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    @property
    def headers(self) -> list[tuple[str, str]]:
        return text_headers(self.scope["headers"])

    def header(self, name: str) -> str:
        """Return a header's value; empty where it is missing."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Answer:
    """An answer that was not sent yet."""

    status: int = 200
    headers: RawHeaders = field(default_factory=list)
    body: bytes = b""

    @classmethod
    def json(cls, status: int, content: Any, headers: dict[str, str] | None = None) -> Answer:
        text = content if isinstance(content, str) else json.dumps(content)
        return cls.text(status, "application/json", text, headers)

    @classmethod
    def text(cls, status: int, media_type: str, text: str, headers: dict[str, str] | None = None) -> Answer:
        body = text.encode()
        given = {name.lower(): value for name, value in (headers or {}).items()}
        all_headers = {"content-type": media_type, "content-length": str(len(body)), **given}
        return cls(status, [(k.encode("latin-1"), v.encode("latin-1")) for k, v in all_headers.items()], body)

    async def deliver(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


async def read_incoming(scope: Scope, receive: Receive, limit: int) -> Incoming | None:
    """
    Read the whole request; return ``None`` when the client disconnects before.

    :param limit: bytes; a larger body is not read to its end.
    """
    chunks: list[bytes] = []
    room = limit
    if _content_length(scope) > limit:
        return Incoming(scope, b"", too_large=True)
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        room -= len(chunks[-1])
        if room < 0:
            return Incoming(scope, b"", too_large=True)
        if not message.get("more_body", False):
            return Incoming(scope, b"".join(chunks))


def limit_body(receive: Receive, limit: int) -> Receive:
    """
    Return an ASGI ``receive`` that limits the size of the body.

    :param limit: bytes; for a larger body, it raises an :class:`.core.errors.ApiError`.
    """
    room = limit

    async def receive_part() -> Message:
        nonlocal room
        message = await receive()
        room -= len(message.get("body", b""))
        if room < 0:
            raise too_large(limit)
        return message

    return receive_part


def _content_length(scope: Scope) -> int:
    """Return the ``Content-Length``; the server has already refused one that is not a number."""
    return int(dict(scope["headers"]).get(b"content-length", b"0"))


async def call_app(app: ASGIApp, incoming: Incoming, receive: Receive) -> Answer:
    """Return the answer of ``app`` to a request that was already read."""
    answer = Answer()
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": incoming.body, "more_body": False}

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(incoming.scope, replay, collect)
    return answer
