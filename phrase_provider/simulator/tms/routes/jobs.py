"""Jobs: list, search, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.core.errors import not_found
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.entities import JobStatus  # noqa: TC001 - pydantic reads annotations
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.http.context import part_of, project_of, state_of
from phrase_provider.simulator.tms.http.filters import due_within
from phrase_provider.simulator.tms.http.paging import Int64, PageQuery, Query, page, read_query
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import SearchJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import JobPart

    Condition = Callable[[JobPart], bool]


class JobQuery(PageQuery):
    """Query of :func:`list_jobs`; the workflow level is 1 by default."""

    count: bool = False
    workflow_level: Annotated[Int64, Field(ge=1)] = 1
    status: list[JobStatus] = Field(default_factory=list)
    target_lang: str | None = None
    filename: str | None = None
    assigned_user: Int64 | None = None
    assigned_vendor: Int64 | None = None
    due_in_hours: Int64 | None = None
    not_ready: bool | None = None


class ChangeQuery(Query):
    """Query of :func:`list_status_changes`."""

    order: Annotated[Literal["ASC", "DESC"], CaseInsensitive()] = "ASC"


def _conditions(query: JobQuery, now: float) -> Iterator[Condition]:
    """Yield a condition for each filter in use: a project may have 10,000 jobs."""
    yield lambda part: part.step.level == query.workflow_level
    if query.status:
        yield lambda part: part.status in query.status
    if query.target_lang is not None:
        yield lambda part: part.job.target_lang == query.target_lang
    if query.filename is not None:
        yield lambda part: part.job.file.name == query.filename
    if query.assigned_user is not None:
        yield lambda part: part.is_assigned("USER", str(query.assigned_user))
    if query.assigned_vendor is not None:
        yield lambda part: part.is_assigned("VENDOR", str(query.assigned_vendor))
    if query.due_in_hours is not None:
        yield lambda part: due_within(part.due, query.due_in_hours, now)
    if query.not_ready:
        yield lambda part: not part.imported


async def list_jobs(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v2/projects/{projectUid}/jobs``; ``count`` leaves the content out."""
    state, project, query = state_of(request), project_of(request), read_query(request, JobQuery)
    found = list(project.parts.values())
    for condition in _conditions(query, state.clock.now()):
        found = list(filter(condition, found))
    return await page(state, query, found, serializers.job_item, content=not query.count)


async def get_job(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}``."""
    return JSONResponse(serializers.job(part_of(request)))


async def list_job_parts(request: Request) -> JSONResponse:
    """
    Handle ``GET .../jobs/{jobUid}/parts``: a page of the parts of all workflow steps.

    Only the guides name it, and not its shape; all lists of Phrase are paged (API technology guide).
    """
    state = state_of(request)
    if not state.settings.job_parts:
        raise not_found("Route", request.url.path)
    return await page(state, read_query(request, PageQuery), part_of(request).job.parts, serializers.job)


async def get_original(request: Request) -> Response:
    """Handle ``GET .../jobs/{jobUid}/original``."""
    file = part_of(request).file
    disposition = headers.content_disposition(
        file.name, state_of(request).settings.content_disposition_prefix
    )
    return Response(
        file.content, headers={"content-disposition": disposition}, media_type="application/octet-stream"
    )


async def search_jobs(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v1/projects/{projectUid}/jobs/search``: those of the jobs that the project has."""
    project, body = project_of(request), await read_body(request, SearchJobs)
    uids = dict.fromkeys(job.uid for job in body.jobs)
    return JSONResponse(
        {"jobs": [serializers.job(project.parts[uid]) for uid in uids if uid in project.parts]}
    )


async def list_status_changes(request: Request) -> JSONResponse:
    """Handle ``GET .../jobs/{jobUid}/statusChanges``."""
    changes = [serializers.status_change(change) for change in part_of(request).changes]
    descending = read_query(request, ChangeQuery).order == "DESC"
    return JSONResponse({"statusChanges": changes[::-1] if descending else changes})


async def list_target_file_warnings(request: Request) -> JSONResponse:
    """
    Handle ``GET .../jobs/{jobUid}/targetFileWarnings``.

    Warnings of downloads of the job or of its other parts.
    """
    warnings = [warning for part in part_of(request).job.parts for warning in part.warnings]
    return JSONResponse({"warnings": list(dict.fromkeys(warnings))})


async def get_workflow_step(request: Request) -> JSONResponse:
    """Handle ``GET .../jobs/{jobUid}/workflowStep``."""
    part = part_of(request)
    if not part.project.workflow:
        raise not_found("Workflow step of job", part.uid)
    return JSONResponse(serializers.step_instance(part.step))


_JOB = "/api2/v1/projects/{projectUid}/jobs/{jobUid}"

routes = [
    Route("/api2/v2/projects/{projectUid}/jobs", list_jobs, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}/jobs/search", search_jobs, methods=["POST"]),
    Route(_JOB, get_job, methods=["GET"]),
    Route(f"{_JOB}/parts", list_job_parts, methods=["GET"]),
    Route(f"{_JOB}/original", get_original, methods=["GET"]),
    Route(f"{_JOB}/statusChanges", list_status_changes, methods=["GET"]),
    Route(f"{_JOB}/targetFileWarnings", list_target_file_warnings, methods=["GET"]),
    Route(f"{_JOB}/workflowStep", get_workflow_step, methods=["GET"]),
]
