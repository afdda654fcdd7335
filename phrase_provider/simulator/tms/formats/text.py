"""Plain text: each line is a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.formats.pseudo import Pseudo


def translate(text: str, pseudo: Pseudo) -> str:
    return "".join(pseudo(line) for line in text.splitlines(keepends=True))
