"""The request log: requests and answers, without secrets."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

from phrase_provider.simulator.server.masking import mask_pairs, mask_text
from phrase_provider.simulator.server.messages import text_headers
from phrase_provider.simulator.server.patterns import check_pattern, found_in

if TYPE_CHECKING:
    from pathlib import Path

    from phrase_provider.simulator.server.messages import Answer, Incoming

_KEPT_REQUESTS = 10_000
_KEPT_BODY = 65_536
"""Bytes; of larger bodies only the size is recorded."""
_PRIVATE = 0o600


@dataclass
class LoggedRequest:
    """
    A recorded request.

    :param time: real time of arrival, UTC, in ISO 8601.
    :param status: HTTP status of the answer; ``None`` while or where none was sent.
    :param fault: number of the fault rule that was applied.
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


class RequestLog:
    """
    The latest requests in memory and, optionally, all exchanges in a file.

    :param access_log: file for one JSON line per exchange, flushed at once; only its owner may read it.
    :raises OSError: when it cannot be written or made private.
    """

    def __init__(self, access_log: Path | None = None) -> None:
        self._entries: deque[LoggedRequest] = deque(maxlen=_KEPT_REQUESTS)
        self._file = _open_private(access_log) if access_log else None

    def clear(self) -> None:
        """Delete the requests in memory; the file stays."""
        self._entries.clear()

    def record_request(self, incoming: Incoming, fault: int | None) -> LoggedRequest:
        """Record a request before it is answered."""
        entry = LoggedRequest(
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            method=incoming.method,
            path=incoming.path,
            query=mask_pairs(incoming.query),
            headers=mask_pairs(incoming.headers),
            body=_text(incoming.body),
            bodySize=len(incoming.body),
            fault=fault,
        )
        self._entries.append(entry)
        return entry

    def record_answer(self, entry: LoggedRequest, incoming: Incoming, answer: Answer | None) -> None:
        """
        Record the end of an exchange.

        :param answer: ``None`` where the connection was dropped or the client disconnected.
        """
        entry.status = answer.status if answer else None
        if self._file is None:
            return
        line = {
            "time": entry.time,
            "fault": entry.fault,
            "method": entry.method,
            "path": entry.path,
            "query": entry.query,
            "request_headers": entry.headers,
            **_logged_body("body", incoming.body),
            "status": entry.status,
        }
        if answer:
            line["response_headers"] = mask_pairs(text_headers(answer.headers))
            line |= _logged_body("response_body", answer.body)
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def find(self, method: str | None, path: str | None) -> list[dict[str, Any]]:
        """
        Return the requests, oldest first.

        :param method: only this method.
        :param path: regular expression to search the path for.
        :raises ValueError: when ``path`` is not a pattern that can be matched in linear time.
        """
        pattern = check_pattern(path or "")
        return [
            asdict(entry)
            for entry in self._entries
            if method in (None, entry.method) and found_in(pattern, entry.path)
        ]

    def latest(self, count: int) -> list[LoggedRequest]:
        """Return the last ``count`` requests, newest first."""
        return list(islice(reversed(self._entries), count))


def _text(body: bytes) -> str | None:
    """Return a body as text without secrets, or ``None`` for one that is too large or not text."""
    if len(body) > _KEPT_BODY:
        return None
    try:
        return mask_text(body.decode())
    except UnicodeDecodeError:
        return None


def _logged_body(key: str, body: bytes) -> dict[str, Any]:
    text = _text(body)
    if text is not None:
        return {key: text}
    if len(body) > _KEPT_BODY:
        return {f"{key}_truncated": True}
    return {f"{key}_b64": base64.b64encode(_masked_form(body)).decode()}


def _masked_form(body: bytes) -> bytes:
    """Mask the fields of a form with binary files; other bytes stay as they are."""
    return mask_text(body.decode("latin-1")).encode("latin-1") if body.startswith(b"--") else body


def _open_private(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        # The file may exist already, readable for others.
        os.fchmod(descriptor, _PRIVATE)
    return os.fdopen(descriptor, "a", encoding="utf-8")
