"""A request as text for a report to Phrase's support, without secrets."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Characters of it that are kept.
LIMIT = 600
#: Names of what is masked; who knows a callback URL may call it.
_SECRET = re.compile(r"token|secret|password|authorization|key$|callback", re.IGNORECASE)
_MASK = "***"


def request_text(
    method: str, url: str, *, query: Mapping[str, object], headers: Mapping[str, str], body: object
) -> str:
    """
    Return a request as one line: method, host, path, query, headers and body, cut, escaped and masked.

    :param method: HTTP verb.
    :param url: without query; a user name and a password in it are left out.
    :param query: its parameters; None values are left out.
    :param headers: those that the call adds to the usual ones.
    :param body: plain JSON; None: none.
    """
    asked = {name: value for name, value in query.items() if value is not None}
    parts = [
        f"{method} {_place(url)}",
        f"?{urlencode(_masked_record(asked), doseq=True, safe='*')}" if asked else "",
        *(f" ({name}: {value})" for name, value in _masked_record(headers).items()),
        "" if body is None else f" {json.dumps(_masked(body), ensure_ascii=False)}",
    ]
    return printable("".join(parts), LIMIT)


def _place(url: str) -> str:
    split = urlsplit(url)
    return f"{split.netloc.rpartition('@')[2]}{split.path}"


def _masked_record(record: Mapping[str, object]) -> dict[str, object]:
    return {name: _MASK if _SECRET.search(name) else _masked(inner) for name, inner in record.items()}


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return _masked_record(value)
    if isinstance(value, (list, tuple)):
        return [_masked(inner) for inner in value]
    return _masked_json(value) if isinstance(value, str) and value.startswith("{") else value


def _masked_json(text: str) -> str:
    """Mask within JSON in a header, such as ``Memsource`` of an upload."""
    try:
        return json.dumps(_masked(json.loads(text)))
    except ValueError:
        return text
