"""Jobs: list, read, move, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator import headers, notices, people, render
from phrase_provider.simulator.bodies.base import read_body
from phrase_provider.simulator.bodies.jobs import DeleteJobs, SetJobStatus
from phrase_provider.simulator.entities import JobStatus  # noqa: TC001 - pydantic reads annotations
from phrase_provider.simulator.errors import job_not_ready, not_found
from phrase_provider.simulator.events import WebhookEvent
from phrase_provider.simulator.paging import Int64, PageQuery, PurgeQuery, page, read_query
from phrase_provider.simulator.tms.context import part_of, project_of, world_of
from phrase_provider.simulator.tms.filters import due_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from phrase_provider.simulator.entities import JobPart

    Condition = Callable[[JobPart], bool]


class JobQuery(PageQuery):
    """Query of :func:`list_jobs`; the workflow level is 1 unless told otherwise."""

    count: bool = False
    workflow_level: Int64 = Field(default=1, ge=1)
    status: list[JobStatus] = Field(default_factory=list)
    target_lang: str | None = None
    filename: str | None = None
    assigned_user: Int64 | None = None
    assigned_vendor: Int64 | None = None
    due_in_hours: Int64 | None = None
    not_ready: bool | None = None


def _conditions(query: JobQuery, now: float) -> Iterator[Condition]:
    """Give a condition for each filter in use: a project may have 10,000 jobs to look through."""
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
    """``GET /api2/v2/projects/{projectUid}/jobs``; ``count`` leaves the content out."""
    world, project, query = world_of(request), project_of(request), read_query(request, JobQuery)
    found = list(project.parts.values())
    for condition in _conditions(query, world.clock.now()):
        found = list(filter(condition, found))
    return await page(world, query, found, render.job_item, content=not query.count)


async def get_job(request: Request) -> JSONResponse:
    """``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}``."""
    return JSONResponse(render.job(part_of(request)))


async def list_job_parts(request: Request) -> JSONResponse:
    """``GET .../jobs/{jobUid}/parts``: named by the guides alone, so it is there only on request."""
    if not world_of(request).settings.job_parts:
        raise not_found("Route", request.url.path)
    return JSONResponse({"jobs": [render.job(part) for part in part_of(request).job.parts]})


async def get_original(request: Request) -> Response:
    """``GET .../jobs/{jobUid}/original``."""
    file = part_of(request).file
    disposition = headers.content_disposition(
        file.name, world_of(request).settings.content_disposition_prefix
    )
    return Response(
        file.content, headers={"content-disposition": disposition}, media_type="application/octet-stream"
    )


async def set_job_status(request: Request) -> Response:
    """``POST .../jobs/{jobUid}/setStatus``: 204 without a body; 400 while the job is not imported."""
    world, part = world_of(request), part_of(request)
    body = await read_body(request, SetJobStatus)
    if not part.imported:
        raise job_not_ready(part.uid)
    people.set_status(world, part, body.requested_status, world.clock.now())
    return Response(status_code=204)


async def delete_jobs(request: Request) -> Response:
    """``DELETE /api2/v1/projects/{projectUid}/jobs/batch``: all of them or, with an unknown one, none."""
    world, project = world_of(request), project_of(request)
    body = await read_body(request, DeleteJobs)
    # Checked, and without effect: nobody sees the recycle bin.
    read_query(request, PurgeQuery)
    parts = [world.part(project.uid, job.uid) for job in body.jobs]
    notices.job_event(world, WebhookEvent.JOB_DELETED, parts, world.clock.now())
    for part in parts:
        project.parts.pop(part.uid, None)
        world.parts.pop(part.uid, None)
        if part in part.job.parts:
            part.job.parts.remove(part)
    return Response(status_code=204)


routes = [
    Route("/api2/v2/projects/{projectUid}/jobs", list_jobs, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}/jobs/batch", delete_jobs, methods=["DELETE"]),
    Route("/api2/v1/projects/{projectUid}/jobs/{jobUid}", get_job, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}/jobs/{jobUid}/parts", list_job_parts, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}/jobs/{jobUid}/original", get_original, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}/jobs/{jobUid}/setStatus", set_job_status, methods=["POST"]),
]
