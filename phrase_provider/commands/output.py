"""What commands print."""

from __future__ import annotations

import json


def as_json(data: object) -> str:
    """Return data as JSON for people, with nothing in it that acts on a terminal."""
    # What would act on a terminal stands in strings only, where JSON has escapes for it.
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)
