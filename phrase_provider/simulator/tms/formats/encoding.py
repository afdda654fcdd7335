"""Text encodings: UTF-8, UTF-16 with a byte order mark, or what XML, HTML and PO files declare."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML = re.compile(rb"""<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""")
_HTML = re.compile(rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_PO = re.compile(rb'^"Content-Type:[^"]*?charset=([\w.:-]+)', re.IGNORECASE | re.MULTILINE)
_DECLARATIONS = {".xlf": _XML, ".xliff": _XML, ".html": _HTML, ".htm": _HTML, ".po": _PO, ".pot": _PO}
_SEARCHED = 2048
"""Bytes in which a declaration is searched for."""
_UNKNOWN = "CHARSET"
"""Placeholder in PO templates."""
_PO_FILES = frozenset({".po", ".pot"})


@dataclass(frozen=True)
class Encoding:
    """
    The encoding of a file.

    :param mark: byte order mark before it.
    """

    codec: str
    mark: bytes = b""

    def encode(self, text: str) -> bytes:
        """Return text as bytes; characters that the encoding lacks become character references."""
        return self.mark + text.encode(self.codec, "xmlcharrefreplace")


def decode(content: bytes, suffix: str) -> tuple[str, Encoding]:
    """
    Return the text of a file, and the encoding to write its translation in.

    That is its own, except for PO files, which are written in UTF-8 and declare it.

    :param suffix: of the file's name, such as ``.po``; determines where an encoding would be declared.
    :raises ValueError: when it is not text.
    """
    encoding = _encoding(content, suffix)
    try:
        text = content.removeprefix(encoding.mark).decode(encoding.codec)
    except LookupError:
        raise ValueError(f"its encoding {encoding.codec} is unknown") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not valid {encoding.codec} at byte {error.start}") from None
    return text, Encoding("utf-8") if suffix in _PO_FILES and not encoding.mark else encoding


def _encoding(content: bytes, suffix: str) -> Encoding:
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return Encoding(codec, mark)
    declaration = _DECLARATIONS.get(suffix)
    declared = declaration.search(content, 0, _SEARCHED) if declaration else None
    codec = declared[1].decode() if declared else "utf-8"
    return Encoding("utf-8" if codec == _UNKNOWN else codec)
