"""
Words in UTF-8 text, counted by passes over bytes that each run in C.

A word is what stands between blanks and has a letter or digit; each character of a script that is
written without spaces (Thai, Lao, Myanmar, Khmer, kana, ideographs) is one too. What a byte of UTF-8
stands for is seen from the first byte of its character, but for the few cases in ``_AMBIGUOUS``.
"""

from __future__ import annotations

import codecs
import re
import string
from functools import partial, reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Text that counts as one letter, and as one character of a script without spaces.
LETTER, UNSPACED = b"a", "\u3042".encode()

_BLANKS = string.whitespace.encode()
_LETTERS = (string.ascii_letters + string.digits).encode() + bytes(
    [*range(0xC3, 0xE2), *range(0xEA, 0xEE), 0xF0]
)
# A byte that no UTF-8 has, put where several bytes together are one character of such a script.
_UNSPACED_MARK = b"\xff"
_UNSPACED = bytes(range(0xE3, 0xEA)) + _UNSPACED_MARK
# Two that bytes.split() takes for blanks, so that what ends a word can be told from what is one.
_BLANK, _CHARACTER = b" ", b"\v"
# What a word consists of, and nothing else: punctuation, symbols, the later bytes of a character go.
_SHAPES = bytes.maketrans(
    _BLANKS + _UNSPACED + _LETTERS,
    _BLANK * len(_BLANKS) + _CHARACTER * len(_UNSPACED) + b"a" * len(_LETTERS),
)
_IGNORED = bytes(set(range(256)) - {*_BLANKS, *_UNSPACED, *_LETTERS})
# What it begins with is a character by _UNSPACED, and is none.
_CJK_PUNCTUATION = b"\xe3\x80"
# Enough to tell UTF-8 from what is older, at a fraction of what all of a block would take.
_SAMPLE_BYTES = 16_384


def _put(replacement: bytes, pattern: bytes) -> Callable[[bytes], bytes]:
    return partial(re.compile(pattern).sub, replacement)


def _mark(first: bytes, unspaced: bytes, spaced: bytes) -> Callable[[bytes], bytes]:
    """
    Return what marks the characters without spaces among those that begin with a byte.

    :param unspaced: pattern of what follows the byte there, and in other characters (``spaced``).
    """
    others = re.compile(first + spaced)
    all_marked = bytes.maketrans(first, _UNSPACED_MARK)
    mark_some = _put(_UNSPACED_MARK, first + unspaced)

    def mark(text: bytes) -> bytes:
        # Few texts have both, and to look at each takes many times as long: the first and the last tell.
        begins = (text.find(first), max(0, text.rfind(first) - _SAMPLE_BYTES))
        both = any(others.search(text, begin, begin + _SAMPLE_BYTES + 3) for begin in begins)
        return mark_some(text) if both else text.translate(all_marked)

    return mark


def _without_full_stops(text: bytes) -> bytes:
    """Return text without those of Hindi and its like."""
    if b"\xe0" not in text:
        return text
    return text.replace(b"\xe0\xa5\xa4", b"---").replace(b"\xe0\xa5\xa5", b"---")


_E2_BLANKS = _put(b" ", rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")
_E2_LETTERS = _put(LETTER, rb"\xe2[\xb0-\xb7]")
_E2_ANY = re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f|[\xb0-\xb7])")


def _resolve_e2(text: bytes) -> bytes:
    # Most text has quotes and dashes, and none of these: one search tells.
    return _E2_LETTERS(_E2_BLANKS(text)) if _E2_ANY.search(text) else text


# Blanks and punctuation among letters. Their length is kept, since that is replaced in half the time.
_SINGLE = {
    "\u00a0": b"  ",
    # The sign of multiplication; comma, semicolon and question mark of Arabic.
    **dict.fromkeys("\u00d7\u060c\u061b\u061f", b"--"),
}
_SINGLE_BEGIN = {character.encode()[:1] for character in _SINGLE}

# By first byte: what its characters are when they are not what this byte says elsewhere.
_AMBIGUOUS: dict[bytes, tuple[Callable[[bytes], bytes], ...]] = {
    # Thai and Lao, beside Hindi; Burmese and Khmer, beside Georgian, Amharic and Vietnamese.
    b"\xe0": (_mark(b"\xe0", rb"[\xb8-\xbb]", rb"[^\xb8-\xbb]"), _without_full_stops),
    b"\xe1": (
        _mark(
            b"\xe1",
            rb"(?:[\x80\x81\x9e\x9f]|\x82[\x80-\x9f])",
            rb"(?:[^\x80-\x82\x9e\x9f]|\x82[^\x80-\x9f])",
        ),
    ),
    b"\xe2": (_resolve_e2,),
    b"\xef": (
        _put(_UNSPACED_MARK, rb"\xef[\xa4-\xab]"),
        # Presentation forms, full-width letters and digits, half-width kana and hangul.
        _put(
            LETTER,
            rb"\xef(?:[\xac-\xb7\xba]|\xbb[\x80-\xbc]|\xbc[\x90-\x99\xa1-\xba]|\xbd[\x81-\x9a\xa6-\xbf]"
            rb"|\xbe[\x80-\xbf]|\xbf[\x80-\x9c])",
        ),
    ),
    # Emoji; ideographs of the further planes.
    b"\xf0": (lambda text: text.replace(b"\xf0\x9f", b"--"), _put(_UNSPACED_MARK, rb"\xf0[\xa0-\xbf]")),
}


def count_words(text: bytes) -> int:
    """
    Return the number of words, in time that grows with the length alone.

    :param text: UTF-8; a byte that is not counts as a letter, as most are in older encodings.
    """
    text = text if text.isascii() else _unambiguous(text)
    shape = text.translate(_SHAPES, _IGNORED)
    if _CHARACTER in shape:
        # Where blanks are few, splitting is quicker than a search for two bytes.
        characters = len(shape) - len(shape.translate(None, _CHARACTER))
        if _CJK_PUNCTUATION[:1] in text:
            characters -= text.count(_CJK_PUNCTUATION)
        return characters + (len(shape.split()) if b"a" in shape else 0)
    return shape.count(b" a") + shape.startswith(b"a")


def _unambiguous(text: bytes) -> bytes:
    if not _is_utf8(text):
        # A byte that is not UTF-8 becomes a surrogate, whose first byte is one of letters.
        text = text.decode(errors="surrogateescape").encode(errors="surrogatepass")
    if any(start in text for start in _SINGLE_BEGIN):
        text = _without_single(text)
    for start, resolve in _AMBIGUOUS.items():
        if start in text:
            text = reduce(lambda done, step: step(done), resolve, text)
    return text


def _is_utf8(text: bytes) -> bool:
    """Return whether text that is not ASCII is UTF-8, judged by what follows its first such byte."""
    try:
        text.decode("ascii")
    except UnicodeDecodeError as error:
        sample = text[error.start : error.start + _SAMPLE_BYTES]
        try:
            codecs.utf_8_decode(sample, "strict", len(sample) < _SAMPLE_BYTES)
        except UnicodeDecodeError:
            return False
    return True


def _without_single(text: bytes) -> bytes:
    # One character is found in a fraction of the time that its bytes take.
    characters = text.decode(errors="ignore")
    for character, replacement in _SINGLE.items():
        if character in characters:
            text = text.replace(character.encode(), replacement)
    return text
