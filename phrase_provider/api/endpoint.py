"""Endpoints: path and verb, which answer is a success, and whether a call may be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from phrase_provider.api.marks import TMS, Marks
from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Query parameters by name; None: left out; a list: the name is repeated.
Query: TypeAlias = "Mapping[str, str | int | Sequence[str] | None]"


class Repeat(Enum):
    """What may be done when the outcome of a call is not known."""

    #: Call again: the result is the same.
    SAFE = "repeat"
    #: Look whether it took effect, then decide: a second call would create a second thing. Also after 401 and
    #: 429, which may come from somebody who has let the request through.
    LOOK_UP = "look up first"
    #: What the call used up is gone: begin the whole operation anew.
    START_OVER = "start over"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    One operation of an API.

    :param method: HTTP verb.
    :param path: path below the base URL, with ``{names}`` for ids.
    :param repeat: declared, not guessed from the verb: a download is a GET that works once.
    :param marks: by which an error of its API is known as Phrase's own.
    :param success: the status that a document demands, 204 for an answer without a body; None where no
        document tells it: any 2xx with the documented body.
    :param optional: only a guide names it, no specification: whoever answers 404, it is not there, and the
        caller has another way.
    """

    method: str
    path: str
    repeat: Repeat = Repeat.SAFE
    marks: Marks = TMS
    optional: bool = False
    success: int | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def fill(self, ids: Mapping[str, str]) -> str:
        """
        Return the path with ids put in, escaped.

        :param ids: value for each name in the path.
        :raises PhraseInputError: an id is empty, or would lead to another path.
        """
        return self.path.format(**{name: self._escape(name, value) for name, value in ids.items()})

    def _escape(self, name: str, value: str) -> str:
        if value in ("", ".", ".."):
            raise PhraseInputError(
                f"{value!r} is not a valid {name} for {self}",
                hint="Give the id that Phrase shows, or its API gave.",
            )
        return quote(value, safe="")
