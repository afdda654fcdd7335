"""Projects: list, read, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator import notices, render
from phrase_provider.simulator.bodies.base import read_body
from phrase_provider.simulator.bodies.projects import PatchProject, SetProjectStatus
from phrase_provider.simulator.entities import JobStatus, ProjectStatus  # noqa: TC001 - for pydantic
from phrase_provider.simulator.errors import invalid
from phrase_provider.simulator.events import WebhookEvent
from phrase_provider.simulator.paging import Int64, PageQuery, PurgeQuery, page, read_query
from phrase_provider.simulator.tms.context import project_of, world_of
from phrase_provider.simulator.tms.creation import references_of
from phrase_provider.simulator.tms.filters import (
    ReferenceFilters,
    contains,
    due_within,
    references_match,
    shares,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.requests import Request

    from phrase_provider.simulator.entities import Project
    from phrase_provider.simulator.world import World

Sort = Literal["ID", "INTERNAL_ID", "NAME", "STATUS", "DATE_CREATED", "DATE_DUE", "SOURCE_LANG", "OWNER"]

_SORT_KEYS: dict[str, Callable[[Project], Any]] = {
    "ID": lambda project: int(project.id),
    "INTERNAL_ID": lambda project: project.internal_id,
    "NAME": lambda project: project.name.casefold(),
    "STATUS": lambda project: project.status,
    "DATE_CREATED": lambda project: project.created,
    "DATE_DUE": lambda project: project.due or 0,
    "SOURCE_LANG": lambda project: project.source_lang,
    "OWNER": lambda project: project.owner.user_name,
}


class ProjectQuery(ReferenceFilters, PageQuery):
    """Query of :func:`list_projects`."""

    name: str | None = None
    name_or_internal_id: str | None = None
    statuses: list[ProjectStatus] = Field(default_factory=list)
    source_langs: list[str] = Field(default_factory=list)
    target_langs: list[str] = Field(default_factory=list)
    owner_id: Int64 | None = None
    buyer_id: Int64 | None = None
    due_in_hours: Int64 | None = None
    created_in_last_hours: Int64 | None = None
    job_statuses: list[JobStatus] = Field(default_factory=list)
    job_status_group: Literal["NEW", "ACCEPTED", "COMPLETED"] | None = None
    include_archived: bool = False
    archived_only: bool = False
    sort: Sort = "ID"
    order: Literal["ASC", "DESC"] = "ASC"


def _matches(project: Project, query: ProjectQuery, now: float) -> bool:
    hours = query.created_in_last_hours
    return (
        _visible(project, query)
        and contains(project.name, query.name)
        and _named(project, query.name_or_internal_id)
        and shares(query.statuses, [project.status])
        and shares(query.source_langs, [project.source_lang])
        and shares(query.target_langs, project.target_langs)
        and query.owner_id in (None, int(project.owner.id))
        and query.buyer_id is None
        and (hours is None or project.created >= now - hours * 3600)
        and due_within(project.due, query.due_in_hours, now)
        and references_match(project.references, query)
    )


def _visible(project: Project, query: ProjectQuery) -> bool:
    if project.deleted:
        return False
    return project.archived if query.archived_only else (query.include_archived or not project.archived)


def _named(project: Project, wanted: str | None) -> bool:
    return contains(project.name, wanted) or wanted == str(project.internal_id)


async def list_projects(request: Request) -> JSONResponse:
    """``GET /api2/v1/projects``; filters by job status are for linguists and have no effect here."""
    world, query = world_of(request), read_query(request, ProjectQuery)
    now, role = world.clock.now(), world.settings.user_role
    found = [project for project in world.projects.values() if _matches(project, query, now)]
    found.sort(key=_SORT_KEYS[query.sort], reverse=query.order == "DESC")
    return await page(world, query, found, lambda project: render.project_item(project, role))


async def get_project(request: Request) -> JSONResponse:
    """``GET /api2/v1/projects/{projectUid}``."""
    return JSONResponse(render.project(project_of(request), world_of(request).settings.user_role))


async def patch_project(request: Request) -> JSONResponse:
    """``PATCH /api2/v1/projects/{projectUid}``; ``archived: false`` has no effect."""
    world, project = world_of(request), project_of(request)
    patch = await read_body(request, PatchProject)
    if patch.owner and patch.owner.id != world.user.id:
        raise invalid("owner is unknown.")
    references = references_of(patch)
    before = (project.status, project.due)
    _change(project, patch, world.clock.now())
    project.references.update(references)
    _tell(world, project, before, patch)
    return JSONResponse(render.project(project, world.settings.user_role))


def _tell(
    world: World, project: Project, before: tuple[ProjectStatus, float | None], patch: PatchProject
) -> None:
    """
    Tell subscribers what became of a project.

    :param before: its status and due date before the patch.
    """
    changed = {
        WebhookEvent.PROJECT_STATUS_CHANGED: project.status is not before[0],
        WebhookEvent.PROJECT_DUE_DATE_CHANGED: project.due != before[1],
        WebhookEvent.PROJECT_METADATA_UPDATED: bool(patch.model_fields_set - {"status", "date_due"}),
    }
    for event in (event for event, happened in changed.items() if happened):
        notices.project_event(world, event, project, world.clock.now())


def _change(project: Project, patch: PatchProject, now: float) -> None:
    project.name = patch.name or project.name
    project.status = patch.status or project.status
    if "note" in patch.model_fields_set:
        project.note = patch.note
    if "purchase_order" in patch.model_fields_set:
        project.purchase_order = patch.purchase_order
    if "date_due" in patch.model_fields_set:
        project.due = patch.date_due.timestamp() if patch.date_due else None
    if patch.archived and not project.archived:
        project.archived_at = now
    if patch.project_workflow_settings:
        project.workflow_settings.update(
            patch.project_workflow_settings.model_dump(by_alias=True, exclude_none=True)
        )


async def set_project_status(request: Request) -> Response:
    """``POST /api2/v1/projects/{projectUid}/setStatus``."""
    world, project = world_of(request), project_of(request)
    project.status = (await read_body(request, SetProjectStatus)).status
    notices.project_event(world, WebhookEvent.PROJECT_STATUS_CHANGED, project, world.clock.now())
    return Response(status_code=204)


async def delete_project(request: Request) -> Response:
    """``DELETE /api2/v1/projects/{projectUid}``; without ``purge`` it stays in the recycle bin, unseen."""
    world, project = world_of(request), project_of(request)
    purge = read_query(request, PurgeQuery).purge
    project.deleted = True
    notices.project_event(world, WebhookEvent.PROJECT_DELETED, project, world.clock.now())
    for uid in project.parts:
        world.parts.pop(uid, None)
    if purge:
        del world.projects[project.uid]
    return Response(status_code=204)


routes = [
    Route("/api2/v1/projects", list_projects, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}", get_project, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}", patch_project, methods=["PATCH"]),
    Route("/api2/v1/projects/{projectUid}", delete_project, methods=["DELETE"]),
    Route("/api2/v1/projects/{projectUid}/setStatus", set_project_status, methods=["POST"]),
]
