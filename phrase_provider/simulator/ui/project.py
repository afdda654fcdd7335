"""The page of a project: its files, and their jobs by language and step."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.http.context import project_of
from phrase_provider.simulator.ui.layout import render_page
from phrase_provider.simulator.ui.pager import Pager
from phrase_provider.simulator.ui.progress import progress

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_JOBS = 30
"""Rows on a page; a row is a file in one language."""


async def show(request: Request) -> Response:
    """
    Handle ``GET /web/project2/show/{projectUid}``.

    :raises ApiError: 404.
    """
    project = project_of(request)
    jobs = list(dict.fromkeys(part.job for part in project.parts.values()))
    pager = Pager(request, jobs, _JOBS)
    return render_page(
        request,
        "project.html",
        project=project,
        progress=progress(project),
        pager=pager,
        files=[(file, list(group)) for file, group in groupby(pager.shown, lambda job: job.file)],
    )
