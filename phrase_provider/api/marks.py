"""The marks of Phrase's own answers, which one of a proxy, a gateway or a login page lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Traffic shows the first name, Phrase's support article the second.
ACTION_ID_HEADERS = ("memsource-action-id", "phrase-action-id")


@dataclass(frozen=True, slots=True)
class Marks:
    """
    The marks of the error answers of one API; one is enough.

    :param code: name of the error code in the JSON object of the body.
    :param pattern: regular expression that the whole code matches.
    :param headers: names of headers that nobody else sends.
    """

    code: str
    pattern: str = ".+"
    headers: tuple[str, ...] = ()

    def on_headers(self, headers: Mapping[str, str]) -> bool:
        """
        Return whether the headers of an answer have a mark.

        :param headers: case-insensitive.
        """
        return any(headers.get(name) for name in self.headers)

    def on_body(self, body: object) -> bool:
        """
        Return whether a decoded body has a mark.

        :param body: JSON, or None.
        """
        code = body.get(self.code) if isinstance(body, dict) else None
        return isinstance(code, str) and re.fullmatch(self.pattern, code) is not None


#: Error body ``{errorCode, errorDescription}``; source: guide "TMS API technology".
TMS = Marks("errorCode", headers=ACTION_ID_HEADERS)
#: RFC 6749, section 5.2; other servers say ``{"error": "Not Found"}``, which no OAuth code looks like.
OAUTH = Marks("error", pattern="[a-z_]+")
