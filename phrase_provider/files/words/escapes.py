r"""Escapes that stand for characters: ``\n`` and ``\u65e5``, ``&nbsp;`` and ``&#26085;``."""

from __future__ import annotations

import json
import re

from phrase_provider.files.words.counting import LETTER, UNSPACED

# A backslash before anything else stands for what follows it.
_NO_ESCAPE = re.compile(rb"\\(?![bfnrt]|u[0-9a-fA-F]{4})")
_BLANK_REFERENCE = re.compile(rb"&(?:nbsp|[et][mn]sp|#160|#x[aA]0);")
_UNSPACED_REFERENCE = re.compile(rb"&#(?:[xX][3-9fF][0-9a-fA-F]{3}|[1-5][0-9]{4}|x2[0-9a-fA-F]{4});")
_LETTER_REFERENCE = re.compile(rb"&#(?:[xX]0?[0-9a-fA-F]{2,3}|[1-9][0-9]{2}|[1-7][0-9]{3});")
# What is left: punctuation, and letters within words (``caf&eacute;``).
_REFERENCE = re.compile(rb"&#?[0-9a-zA-Z]{1,31};")


def resolve_backslashes(text: bytes) -> bytes:
    r"""Return text with JSON's and Java's escapes resolved; ``\"`` and the like become punctuation."""
    if b"\\" not in text:
        return text
    text = text.replace(b"\\\\", b"--").replace(b'"', b"'")
    quoted = b'"%s"' % _NO_ESCAPE.sub(b"-", text)
    resolved: str = json.loads(quoted.decode(errors="surrogateescape"), strict=False)
    return resolved.encode(errors="surrogatepass")


def resolve_references(text: bytes) -> bytes:
    """Return text with HTML's and XML's character references as a blank, a character or nothing."""
    if b"&" not in text:
        return text
    text = _BLANK_REFERENCE.sub(b" ", text)
    if b"&#" in text:
        text = _LETTER_REFERENCE.sub(LETTER, _UNSPACED_REFERENCE.sub(UNSPACED, text))
    return _REFERENCE.sub(b"", text)
