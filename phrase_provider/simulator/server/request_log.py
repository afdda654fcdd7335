"""What arrived and what was answered, without secrets."""

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
"""Bytes; of longer bodies only the size is kept."""
_PRIVATE = 0o600


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

    :param access_log: gets one JSON line per exchange, flushed at once; only its owner may read it.
    :raises OSError: when it cannot be written, or cannot be kept from others.
    """

    def __init__(self, access_log: Path | None = None) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT_REQUESTS)
        self._file = _open_private(access_log) if access_log else None

    def clear(self) -> None:
        """Forget the requests in memory; the file stays."""
        self._entries.clear()

    def arrived(self, incoming: Incoming, fault: int | None) -> Entry:
        """Note a request before it is answered."""
        entry = Entry(
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

    def answered(self, entry: Entry, incoming: Incoming, answer: Answer | None) -> None:
        """
        Note the end of an exchange.

        :param answer: what is sent; ``None`` where the connection was dropped or the client went away.
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
        Return what arrived, oldest first.

        :param method: only this method.
        :param path: only paths in which this regular expression is found.
        :raises ValueError: when it is none that can be searched for in linear time.
        """
        pattern = check_pattern(path or "")
        return [
            asdict(entry)
            for entry in self._entries
            if method in (None, entry.method) and found_in(pattern, entry.path)
        ]

    def latest(self, count: int) -> list[Entry]:
        """Return the last ``count`` requests, newest first."""
        return list(islice(reversed(self._entries), count))


def _text(body: bytes) -> str | None:
    """Return a body as text without secrets, or ``None`` for one that is long or no text."""
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
    """Mask the fields of a form whose files are no text; other bytes stay as they are."""
    return mask_text(body.decode("latin-1")).encode("latin-1") if body.startswith(b"--") else body


def _open_private(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        # It may be there already, for others to read.
        os.fchmod(descriptor, _PRIVATE)
    return os.fdopen(descriptor, "a", encoding="utf-8")
