from __future__ import annotations

from client_fixtures import client, page, session, settings, waits  # noqa: F401
from source_files import folder  # noqa: F401
