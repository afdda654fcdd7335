"""What arrived and what was answered, without secrets."""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from phrase_provider.simulator.door.messages import text_headers

if TYPE_CHECKING:
    from pathlib import Path

    from phrase_provider.simulator.door.messages import Answer, Incoming

_KEPT_REQUESTS = 10_000
_KEPT_BODY = 65_536
"""Bytes; of longer bodies only the size is kept."""
_MASK = "***"
_SECRET_HEADERS = frozenset({"authorization", "cookie"})
_SECRET_QUERY = frozenset({"token", "access_token"})
_SECRETS = re.compile(
    r"""((?:^|&)subject_token=)[^&]*"""
    r"""|("(?:access_token|token|password|secretToken)"\s*:\s*")(?:[^"\\]|\\.)*"""
    r"""|([?&](?:access_token|token)=)[^&#"\s]*"""
    r"""|(://)[^/?#@"\s]+(?=@)"""
)
"""Of forms, of JSON, and of URLs in either, such as those that callbacks go to."""


@dataclass
class Entry:
    """
    One request that arrived.

    :param time: of arrival, UTC, in ISO form; by the clock on the wall.
    :param status: HTTP status of the answer; ``None`` where none was sent (yet).
    :param fault: number of the fault rule that met it.
    """

    time: str
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    body: str | None
    bodySize: int
    status: int | None = None
    fault: int | None = None


class Journal:
    """
    Keeps the latest requests in memory and, where asked for, every exchange in a file.

    :param access_log: gets one JSON line per exchange, flushed at once.
    """

    def __init__(self, access_log: Path | None = None) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT_REQUESTS)
        self._file = access_log.open("a", encoding="utf-8") if access_log else None

    def clear(self) -> None:
        """Forget the requests in memory; the file stays."""
        self._entries.clear()

    def arrived(self, incoming: Incoming, fault: int | None) -> Entry:
        """Note a request before it is answered."""
        entry = Entry(
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            method=incoming.method,
            path=incoming.path,
            query=_masked(incoming.query, _SECRET_QUERY),
            headers=[
                (name, _without_secrets(value)) for name, value in _masked(incoming.headers, _SECRET_HEADERS)
            ],
            body=_text(incoming.body),
            bodySize=len(incoming.body),
            fault=fault,
        )
        self._entries.append(entry)
        return entry

    def answered(self, entry: Entry, incoming: Incoming, answer: Answer) -> None:
        """Note the answer; the file leaves out what a fault met, since that is no traffic of Phrase's."""
        entry.status = answer.status
        if self._file is None or entry.fault is not None:
            return
        line = {
            "time": entry.time,
            "method": entry.method,
            "path": entry.path,
            "query": entry.query,
            "request_headers": entry.headers,
            **_logged_body("body", incoming.body),
            "status": answer.status,
            "response_headers": text_headers(answer.headers),
            **_logged_body("response_body", answer.body),
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def find(self, method: str | None, path: str | None) -> list[dict[str, Any]]:
        """
        Return what arrived, oldest first.

        :param method: only this method.
        :param path: only paths in which this regular expression is found.
        """
        pattern = re.compile(path or "")
        return [
            asdict(entry)
            for entry in self._entries
            if method in (None, entry.method) and pattern.search(entry.path)
        ]

    def latest(self, count: int) -> list[Entry]:
        """Return the last ``count`` requests, newest first."""
        return list(islice(reversed(self._entries), count))


def masked_url(url: str) -> str:
    """Return a URL without the secrets that its query or its user part may carry."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return _MASK
    query = _masked(parse_qsl(parts.query, keep_blank_values=True), _SECRET_QUERY)
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=netloc, query=urlencode(query, safe="*")))


def _masked(pairs: list[tuple[str, str]], secret: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, _mask(value) if name.lower() in secret else value) for name, value in pairs]


def _mask(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {_MASK}" if space else _MASK


def _text(body: bytes) -> str | None:
    """Return a body as text without secrets, or ``None`` for one that is long or no text."""
    if len(body) > _KEPT_BODY:
        return None
    try:
        return _without_secrets(body.decode())
    except UnicodeDecodeError:
        return None


def _without_secrets(text: str) -> str:
    return _SECRETS.sub(lambda found: f"{found[found.lastindex or 0]}{_MASK}", text)


def _logged_body(key: str, body: bytes) -> dict[str, Any]:
    text = _text(body)
    if text is not None:
        return {key: text}
    if len(body) > _KEPT_BODY:
        return {f"{key}_truncated": True}
    return {f"{key}_b64": base64.b64encode(body).decode()}
