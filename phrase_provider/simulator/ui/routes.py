"""Where the pages are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from phrase_provider.simulator.core.errors import Refusal
from phrase_provider.simulator.server.same_origin import SameOrigin
from phrase_provider.simulator.ui import buttons, job, overview, project
from phrase_provider.simulator.ui.layout import answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    Show = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Make the routes; those below ``/web`` come before the TMS, which asks for a token."""
    return [
        _page("/", overview.show),
        _page("/web/project2/show/{projectUid}", project.show),
        _page("/web/job/{jobUid}/translate", job.show),
        _page("/web/job/{jobUid}/source", job.show_source, "GET"),
        _page("/web/job/{jobUid}/target", job.show_target, "GET"),
        Mount("/static", StaticFiles(packages=[("phrase_provider.simulator.ui", "static")])),
    ]


def _page(path: str, show: Show, *methods: str) -> Route:
    async def visit(request: Request) -> Response:
        act: Show = buttons.press if request.method == "POST" else show
        try:
            return await act(request)
        except Refusal as refusal:
            return answer(request, "refusal.html", refusal.status, refusal=refusal)

    return Route(path, visit, methods=methods or ("GET", "POST"), middleware=[Middleware(SameOrigin)])
