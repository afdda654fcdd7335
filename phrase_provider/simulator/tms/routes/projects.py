"""Projects: list, read, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.entities import JobStatus, ProjectStatus  # noqa: TC001 - for pydantic
from phrase_provider.simulator.tms.events import ProjectEvent, ProjectEventType
from phrase_provider.simulator.tms.http.context import project_of, state_of
from phrase_provider.simulator.tms.http.filters import (
    ReferenceFilters,
    contains,
    due_within,
    references_match,
    shares,
)
from phrase_provider.simulator.tms.http.paging import Int64, PageQuery, PurgeQuery, Query, page, read_query

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import Project

Sort = Annotated[
    Literal["ID", "INTERNAL_ID", "NAME", "STATUS", "DATE_CREATED", "DATE_DUE", "SOURCE_LANG", "OWNER"],
    CaseInsensitive(),
]

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
    job_status_group: Annotated[Literal["NEW", "ACCEPTED", "COMPLETED"], CaseInsensitive()] | None = None
    include_archived: bool = False
    archived_only: bool = False
    sort: Sort = "ID"
    order: Annotated[Literal["ASC", "DESC"], CaseInsensitive()] = "ASC"


class StepQuery(Query):
    """Query of :func:`list_workflow_steps`: only steps with jobs assigned to the caller."""

    with_assigned_jobs: bool = False


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
        and _due(project, query.due_in_hours, now)
        and references_match(project.references, query)
    )


def _visible(project: Project, query: ProjectQuery) -> bool:
    if project.deleted:
        return False
    return project.archived if query.archived_only else (query.include_archived or not project.archived)


def _due(project: Project, hours: int | None, now: float) -> bool:
    """Return whether the project or one of its jobs is due, whatever its status; see :func:`due_within`."""
    dues = {project.due, *(part.due for part in project.parts.values())} if hours is not None else {None}
    return any(due_within(due, hours, now) for due in dues)


def _named(project: Project, wanted: str | None) -> bool:
    return contains(project.name, wanted) or wanted == str(project.internal_id)


async def list_projects(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/projects``; filters by job status are for linguists and have no effect here."""
    state, query = state_of(request), read_query(request, ProjectQuery)
    now, role = state.clock.now(), state.settings.user_role
    found = [project for project in state.projects.values() if _matches(project, query, now)]
    found.sort(key=_SORT_KEYS[query.sort], reverse=query.order == "DESC")
    return await page(state, query, found, lambda project: serializers.project_item(project, role))


async def get_project(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/projects/{projectUid}``."""
    return JSONResponse(serializers.project(project_of(request), state_of(request).settings.user_role))


async def list_workflow_steps(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v2/projects/{projectUid}/workflowSteps``."""
    state, project = state_of(request), project_of(request)
    steps = project.workflow
    if read_query(request, StepQuery).with_assigned_jobs:
        levels = {part.level for part in project.parts.values() if part.is_assigned("USER", state.user.id)}
        steps = [step for step in steps if step.level in levels]
    return JSONResponse({"projectWorkflowSteps": [serializers.project_step(step) for step in steps]})


async def delete_project(request: Request) -> Response:
    """
    Handle ``DELETE /api2/v1/projects/{projectUid}``.

    Without ``purge`` it stays in the recycle bin, unseen.
    """
    state, project = state_of(request), project_of(request)
    purge = read_query(request, PurgeQuery).purge
    project.deleted = True
    state.events.publish(ProjectEvent(ProjectEventType.PROJECT_DELETED, project, state.clock.now()))
    for uid in project.parts:
        state.parts.pop(uid, None)
    if purge:
        del state.projects[project.uid]
    return Response(status_code=204)


routes = [
    Route("/api2/v1/projects", list_projects, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}", get_project, methods=["GET"]),
    Route("/api2/v1/projects/{projectUid}", delete_project, methods=["DELETE"]),
    Route("/api2/v2/projects/{projectUid}/workflowSteps", list_workflow_steps, methods=["GET"]),
]
