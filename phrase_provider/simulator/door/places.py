"""What lies where on the simulator's one address."""

from __future__ import annotations

TMS = "/web/"
PLATFORM = "/idm/"
PAGES_IN_TMS = ("/web/project2/", "/web/job/")
"""Where pages for people lie at addresses of the TMS; none of its API is there."""


def is_api(path: str) -> bool:
    """Tell whether a path belongs to Phrase's API: neither to a page nor to ``/_simulator``."""
    return path.startswith((TMS, PLATFORM)) and not path.startswith(PAGES_IN_TMS)
