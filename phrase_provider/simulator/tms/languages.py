"""Language codes in Phrase's spelling: lower case, with underscores."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable

_BASES = """
    af am ar as az be bg bn bo bs ca ceb cs cy da de dv el en eo es et eu fa fi fil fo fr fy ga gd gl gu
    ha haw he hi hmn hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr
    ms mt my nb ne nl nn no ny or pa pl ps pt qu ro ru rw sa sd si sk sl sm sn so sq sr st su sv sw ta
    te tg th ti tk tl tn tr ts tt ug uk ur uz vi wo xh yi yo yue zh zu
"""
_KNOWN = frozenset(_BASES.split())
_FORM = re.compile(r"(?P<base>[a-z]{2,3})(_[a-z0-9]{2,8})*")


def check(languages: Iterable[str], what: str) -> None:
    """
    Raise an error for unknown language codes and for duplicates.

    :param what: name of the field, for the message.
    """
    seen: set[str] = set()
    for language in languages:
        match = _FORM.fullmatch(language)
        if match is None or match["base"] not in _KNOWN:
            raise bad_request(f"{what} contains unsupported locale.")
        if language in seen:
            raise bad_request(f"{what} contains {language} twice.")
        seen.add(language)


def bcp47(language: str) -> str:
    """Return a code in the form of BCP 47: ``pt_br`` becomes ``pt-BR``, ``zh_hans_cn`` ``zh-Hans-CN``."""
    base, *others = language.split("_")
    return "-".join([base, *(part.title() if len(part) == 4 else part.upper() for part in others)])
