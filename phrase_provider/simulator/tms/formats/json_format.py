"""JSON: string values are translated in place; keys, order, numbers and layout stay unchanged."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_STRING = re.compile(r'(?P<literal>"(?:[^"\\]|\\.)*")(?P<colon>\s*:)?')


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Return the JSON document with its values translated.

    :raises ValueError: when it is not JSON.
    """
    json.loads(text)

    def replace(match: re.Match[str]) -> str:
        return match.group() if match["colon"] else _value(match["literal"], pseudo)

    return _STRING.sub(replace, text)


def _value(literal: str, pseudo: Pseudo) -> str:
    return json.dumps(pseudo(json.loads(literal)), ensure_ascii="\\u" in literal)
