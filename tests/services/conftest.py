from __future__ import annotations

from phrase_fixtures import after_request, connect, once, phrase, standing_simulator  # noqa: F401
