"""Which paths belong to which part of the simulator."""

from __future__ import annotations

TMS = "/web/"
PAGES_IN_TMS = ("/web/project2/", "/web/job/")
"""Pages below ``/web``, at the addresses to which links to Phrase lead; none of its API is there."""
_UPLOADS = ("/jobs", "/jobs/source", "/jobs/target", "/jobPreviewPackage")
_PAGES = ("/static/", "/_simulator/", *PAGES_IN_TMS)
_SINGLE_PAGES = frozenset({"/", "/favicon.ico", "/_simulator"})


def takes_files(path: str) -> bool:
    """Return whether requests to a path carry files."""
    return path.startswith(TMS) and path.endswith(_UPLOADS)


def is_api(path: str) -> bool:
    """
    Return whether a path belongs to Phrase's API: not to a page, and not below ``/_simulator``.

    So do paths that nothing serves, such as Phrase Strings at ``/v2``, or a misspelled base URL.
    """
    return path not in _SINGLE_PAGES and not path.startswith(_PAGES)
