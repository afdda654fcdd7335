from __future__ import annotations

from client_fixtures import client, page, session, settings, waits  # noqa: F401
