"""The overview: projects, pending async requests, latest deliveries and requests."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.ui.layout import render_page
from phrase_provider.simulator.ui.pager import Pager
from phrase_provider.simulator.ui.progress import progress
from phrase_provider.simulator.webhooks.context import webhook_state_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from phrase_provider.simulator.server.request_log import RequestLog

_PROJECTS = 15
"""Projects on a page."""
_LATEST = 20
"""Entries shown of the lists that are not paged."""


async def show(request: Request) -> Response:
    """Handle ``GET /``; projects are newest first."""
    state = state_of(request)
    request_log = cast("RequestLog", request.app.state.request_log)
    projects = [project for project in reversed(state.projects.values()) if not project.deleted]
    pager = Pager(request, projects, _PROJECTS)
    return render_page(
        request,
        "overview.html",
        pager=pager,
        projects=[(project, progress(project)) for project in pager.shown],
        pending=list(islice(state.pending.values(), _LATEST)),
        mails=list(islice(reversed(state.mails), _LATEST)),
        deliveries=webhook_state_of(request).deliveries.latest(_LATEST),
        arrived=request_log.latest(_LATEST),
    )
