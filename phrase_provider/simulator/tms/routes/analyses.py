"""Analyses: read, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.http.context import part_of, project_of, state_of
from phrase_provider.simulator.tms.http.filters import contains
from phrase_provider.simulator.tms.http.paging import PageQuery, PurgeQuery, page, read_query
from phrase_provider.simulator.tms.schemas.analyses import DeleteAnalyses
from phrase_provider.simulator.tms.schemas.base import read_body

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.state import State


class AnalysisQuery(PageQuery):
    """Query of :func:`list_of_project`; the values of ``sort`` besides its default are not documented."""

    name: str | None = None
    uid: str | None = None
    only_owner_org: bool = False
    sort: Annotated[Literal["DATE_CREATED", "NAME"], CaseInsensitive()] = "DATE_CREATED"
    order: Annotated[Literal["asc", "desc"], CaseInsensitive()] = "desc"


def _analysis_of(request: Request) -> Analysis:
    """Return the analysis that the path names, by uid or by id: its creation answers only the id."""
    return state_of(request).analysis(request.path_params["analyseUid"])


async def get_analysis(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v3/analyses/{analyseUid}``."""
    return JSONResponse(serializers.analysis(_analysis_of(request)))


async def list_of_project(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v3/projects/{projectUid}/analyses``, newest first."""
    state, project, query = state_of(request), project_of(request), read_query(request, AnalysisQuery)
    found = [
        analysis
        for analysis in state.analyses.values()
        if analysis.project is project
        and contains(analysis.name, query.name)
        and query.uid in (None, analysis.uid)
    ]
    by_name = query.sort == "NAME"
    found.sort(key=lambda one: (one.name if by_name else "", one.inner_id), reverse=query.order == "desc")
    return await page(state, query, found, serializers.analysis_item)


async def list_of_job(request: Request) -> JSONResponse:
    """
    Handle ``GET /api2/v3/projects/{projectUid}/jobs/{jobUid}/analyses``.

    The finished ones, newest first.
    """
    state, part, query = state_of(request), part_of(request), read_query(request, PageQuery)
    found = [
        analysis
        for analysis in reversed(state.analyses.values())
        if any(part in language.jobs for language in analysis.languages)
    ]
    return await page(state, query, found, serializers.analysis_item)


async def delete_analysis(request: Request) -> Response:
    """Handle ``DELETE /api2/v1/analyses/{analyseUid}``."""
    # Validated, but without effect: there is no access to the recycle bin.
    read_query(request, PurgeQuery)
    _delete(state_of(request), [_analysis_of(request)])
    return Response(status_code=204)


async def delete_analyses(request: Request) -> Response:
    """Handle ``DELETE /api2/v1/analyses/bulk``: by id, all of them or, with an unknown one, none."""
    state, body = state_of(request), await read_body(request, DeleteAnalyses)
    _delete(state, [state.analysis(reference.id) for reference in body.analyses])
    return Response(status_code=204)


def _delete(state: State, analyses: list[Analysis]) -> None:
    for analysis in analyses:
        state.analyses.pop(analysis.uid, None)


routes = [
    Route("/api2/v3/analyses/{analyseUid}", get_analysis, methods=["GET"]),
    Route("/api2/v1/analyses/bulk", delete_analyses, methods=["DELETE"]),
    Route("/api2/v1/analyses/{analyseUid}", delete_analysis, methods=["DELETE"]),
    Route("/api2/v3/projects/{projectUid}/analyses", list_of_project, methods=["GET"]),
    Route("/api2/v3/projects/{projectUid}/jobs/{jobUid}/analyses", list_of_job, methods=["GET"]),
]
