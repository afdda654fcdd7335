"""Fields of Phrase's answers, checked before anything is made of them."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Most digits of a number that is read; larger ones are no ids, levels or counts.
MOST_DIGITS = 18


def record(value: object, owner: str) -> dict[str, object]:
    """
    Return an object of an answer.

    :param value: what came.
    :param owner: what it belongs to, for the message.
    :raises PhraseServerError: it is no object.
    """
    if not isinstance(value, dict):
        raise malformed(owner, value, "an object")
    return value


def text(item: Mapping[str, object], name: str, owner: str) -> str:
    """
    Return a text that an answer must have.

    :param item: an object of the answer.
    :param name: of the field.
    :param owner: what the object is, for the message.
    :raises PhraseServerError: it is missing, empty or no text.
    """
    value = item.get(name)
    if not isinstance(value, str) or not value:
        raise malformed(f"{name} of {owner}", value, "a text")
    return value


def optional_text(item: Mapping[str, object], name: str, owner: str) -> str | None:
    """
    Return a text that an answer may have.

    :param item: an object of the answer.
    :param name: of the field.
    :param owner: what the object is, for the message.
    :raises PhraseServerError: it is there, and no text.
    """
    return None if item.get(name) is None or item[name] == "" else text(item, name, owner)


def optional_record(item: Mapping[str, object], name: str, owner: str) -> dict[str, object] | None:
    """
    Return an object within an object, if there is one.

    :param item: an object of the answer.
    :param name: of the field.
    :param owner: what the object is, for the message.
    :raises PhraseServerError: it is there, and no object.
    """
    return None if item.get(name) is None else record(item[name], f"{name} of {owner}")


def whole_number(value: object, owner: str) -> int:
    """
    Return a whole number that is not negative, also one written as text.

    :param value: what came.
    :param owner: what it is, for the message.
    :raises PhraseServerError: it is none.
    """
    if isinstance(value, str) and value.isdecimal() and len(value) <= MOST_DIGITS:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**MOST_DIGITS:
        return value
    raise malformed(owner, value, "a whole number")


def malformed(owner: str, value: object, wanted: str) -> PhraseServerError:
    """
    Return the error for a field that cannot be read.

    :param owner: names the field and what it belongs to.
    :param value: what came; None: nothing.
    :param wanted: what is documented.
    """
    came = "missing" if value is None else f"{reprlib.repr(value)} instead of {wanted}"
    return PhraseServerError(
        f"Phrase's answer cannot be read: {owner} is {came}",
        hint="Try again; if it stays, report it to Phrase's support.",
    )
