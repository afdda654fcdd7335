from __future__ import annotations

from client_fixtures import client, page, session, settings, waits  # noqa: F401
from phrase_fixtures import after_request, connect, once, phrase, standing_simulator  # noqa: F401
