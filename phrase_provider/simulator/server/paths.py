"""What lies where on the simulator's one address."""

from __future__ import annotations

TMS = "/web/"
PAGES_IN_TMS = ("/web/project2/", "/web/job/")
"""Where pages for people lie at addresses of the TMS; none of its API is there."""
_UPLOADS = ("/jobs", "/jobs/source", "/jobs/target", "/jobPreviewPackage")
_PAGES = ("/static/", "/_simulator/", *PAGES_IN_TMS)
_SINGLE_PAGES = frozenset({"/", "/favicon.ico", "/_simulator"})


def takes_files(path: str) -> bool:
    """Tell whether requests to a path bring files."""
    return path.startswith(TMS) and path.endswith(_UPLOADS)


def is_api(path: str) -> bool:
    """
    Tell whether a path is for clients of Phrase: neither a page's nor below ``/_simulator``.

    So is what nothing answers, such as Phrase Strings at ``/v2``, or a base URL that was spelled wrong.
    """
    return path not in _SINGLE_PAGES and not path.startswith(_PAGES)
