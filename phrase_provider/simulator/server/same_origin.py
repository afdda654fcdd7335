"""Protection from cross-site requests of what needs no token."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

from phrase_provider.simulator.core.errors import ApiError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_READING = frozenset({"GET", "HEAD"})
_OWN_SITES = frozenset({"same-origin", "none"})
"""``Sec-Fetch-Site`` of a page's own requests, and of those that the user started."""


class SameOrigin:
    """
    ASGI middleware that refuses changes requested by a page of another origin, with 403.

    :param app: needs no token. Clients that are not browsers send no origin, and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method not in _READING and not _own(request):
            raise ApiError(403, "Forbidden", "Requests of other sites are not allowed.")
        await self._app(scope, receive, send)


def _own(request: Request) -> bool:
    """Return whether the headers of a browser say that the request comes from this origin."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return (site is None or site in _OWN_SITES) and (
        origin is None or urlsplit(origin).netloc == request.headers.get("host")
    )
