"""The host names that the simulator answers to, as a protection from DNS rebinding."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from phrase_provider.simulator.core.errors import error_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

_SHOWN = 100
"""Maximum number of characters of a refused name in the answer."""


class AllowedHosts:
    """
    ASGI middleware that refuses requests to other hosts with 421, as DNS rebinding makes browsers send them.

    Allowed are the names of this machine, IP addresses (which DNS rebinding cannot use), and
    ``names``. A request without ``Host`` does not come from a browser.

    :param app: handles the other requests.
    :param names: host names without ports; case does not matter.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset({"localhost", *(name.lower() for name in names)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host") if scope["type"] == "http" else None
        if host is None or self._allowed(_name(host)):
            await self._app(scope, receive, send)
            return
        text = f"No simulator for {host[:_SHOWN]!r}: to allow the name, start it with --allow-host NAME."
        await JSONResponse(error_body("MisdirectedRequest", text), 421)(scope, receive, send)

    def _allowed(self, name: str) -> bool:
        return name in self._names or name.endswith(".localhost") or _is_address(name)


def _name(host: str) -> str:
    """Return the name in a ``Host`` header; empty where it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
