"""Text of source files: UTF-8, or UTF-16 with a byte order mark."""

from __future__ import annotations

import codecs

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(content: bytes) -> tuple[str, str]:
    """
    Return the text and the encoding that it was in.

    :raises ValueError: when it is not text.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise ValueError(f"not {encoding} text at byte {error.start}") from None


def encode(text: str, encoding: str) -> bytes:
    return text.encode(encoding)
