"""Text from outside, made fit to be printed."""

from __future__ import annotations

import unicodedata

#: Characters of printed text, unless the caller says otherwise.
DEFAULT_LIMIT = 300

# Joiners, which names in Persian or Hindi and emoji need; they move no text.
_JOINERS = "\u200c\u200d"


def printable(text: str, limit: int = DEFAULT_LIMIT) -> str:
    r"""
    Return text as one line that a log or a terminal shows as it is.

    Control characters, newlines, NUL, bidirectional overrides and lone surrogates (bytes of a file name
    that are not UTF-8) become escapes as in Python: ``\n``, ``\x1b``, ``\u202e``, ``\udcff``.

    :param text: a file name, an id, or what somebody else's server said.
    :param limit: most characters of the result; what is longer is cut and ends with ``…``.
    """
    if len(text) <= limit and text.isprintable():
        return text
    # Each character gives at least one: no more of them can be needed.
    pieces = [char if _is_shown(char) else _escape(char) for char in text[: limit + 1]]
    shown = "".join(pieces)
    if len(shown) <= limit:
        return shown
    length = len(shown)
    while pieces and length > limit - 1:
        length -= len(pieces.pop())
    return "".join(pieces) + "…"


def flaw(text: str) -> str | None:
    """
    Return why text cannot be a name in files, logs and Phrase, as the end of a sentence; None if it can.

    :param text: a path, or an id.
    """
    if text.isprintable():
        return None
    categories = {unicodedata.category(char) for char in text if not char.isprintable()}
    if "Cs" in categories:
        return "is not valid UTF-8"
    if categories & {"Cc", "Zl", "Zp"}:
        return "has control characters or line breaks in it"
    return None


def composed(text: str) -> str:
    """Return a text with its accents composed (NFC): file systems disagree on it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def normal_forms(text: str) -> list[str]:
    """Return the ways in which a text's accents may be composed (NFC, NFD), the composed one first."""
    return list(dict.fromkeys(unicodedata.normalize(form, text) for form in ("NFC", "NFD")))


def counted(count: int, noun: str) -> str:
    """Return a number of things, such as ``1,200 words``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _is_shown(char: str) -> bool:
    return char.isprintable() or char in _JOINERS or unicodedata.category(char) == "Zs"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
