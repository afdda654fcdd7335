"""Arguments that are true or false, also where a template has made text of them."""

from __future__ import annotations

from phrase_provider.exceptions import PhraseInputError

_KNOWN = {"true": True, "1": True, "false": False, "0": False, "none": False, "": False}


def is_true(value: bool | str | None, name: str) -> bool:
    """
    Return the truth of an argument.

    :param value: as it was given, or as a template rendered it, such as ``True`` or ``false``.
    :param name: of the argument, for the message.
    :raises PhraseInputError: it is neither.
    """
    text = str(value).strip().lower()
    if text not in _KNOWN:
        raise PhraseInputError(f"{name} is {value!r}", hint="It must be true or false.")
    return _KNOWN[text]
