from __future__ import annotations

from phrase_fixtures import connect, phrase, standing_simulator  # noqa: F401
