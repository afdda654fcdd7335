"""The routes of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from phrase_provider.simulator.core.errors import ApiError
from phrase_provider.simulator.server.same_origin import SameOrigin
from phrase_provider.simulator.ui import buttons, job, overview, project
from phrase_provider.simulator.ui.layout import render_page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    Show = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Return the routes; those below ``/web`` must precede the TMS, which requires a token."""
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
        act: Show = buttons.handle_form if request.method == "POST" else show
        try:
            return await act(request)
        except ApiError as error:
            return render_page(request, "error.html", error.status, error=error)

    return Route(path, visit, methods=methods or ("GET", "POST"), middleware=[Middleware(SameOrigin)])
