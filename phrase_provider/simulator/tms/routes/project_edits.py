"""Projects: change, set the status, add languages, restore from the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import languages, serializers
from phrase_provider.simulator.tms.events import ProjectEvent, ProjectEventType
from phrase_provider.simulator.tms.http.context import project_of, state_of
from phrase_provider.simulator.tms.routes.project_creation import references_of, take_extras
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.projects import (
    AddTargetLangs,
    EditProject,
    PatchProject,
    SetProjectStatus,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import Project, ProjectStatus
    from phrase_provider.simulator.tms.state import State


async def patch_project(request: Request) -> JSONResponse:
    """
    Handle ``PATCH /api2/v1/projects/{projectUid}``.

    What is not sent stays; ``archived: false`` has no effect.
    """
    state, project = state_of(request), project_of(request)
    patch = await read_body(request, PatchProject)
    _change(state, project, patch, patch.model_fields_set)
    if patch.project_workflow_settings:
        project.workflow_settings.update(
            patch.project_workflow_settings.model_dump(by_alias=True, exclude_none=True)
        )
    return JSONResponse(serializers.project(project, state.settings.user_role))


async def edit_project(request: Request) -> JSONResponse:
    """Handle ``PUT /api2/v3/projects/{projectUid}``: what is not sent is emptied, but for the status."""
    state, project = state_of(request), project_of(request)
    edit = await read_body(request, EditProject)
    _change(state, project, edit, EditProject.model_fields.keys())
    take_extras(project, edit)
    return JSONResponse(serializers.created_project(project, state.settings.user_role))


def _change(
    state: State, project: Project, body: PatchProject | EditProject, taken: AbstractSet[str]
) -> None:
    """
    Change a project and raise its events.

    :param taken: the fields of the body that are applied even when they are empty.
    """
    if body.owner and body.owner.id != state.user.id:
        raise bad_request(f"owner: unknown id {body.owner.id}")
    references, before, now = references_of(body), (project.status, project.due), state.clock.now()
    project.name, project.status = body.name or project.name, body.status or project.status
    for name in {"note", "purchase_order"} & taken:
        setattr(project, name, getattr(body, name))
    if "date_due" in taken:
        project.due = epoch(body.date_due)
    if isinstance(body, EditProject):
        project.references.clear()
    project.references.update(references)
    if body.archived and not project.archived:
        project.archived_at = now
    _publish(state, project, before, body.model_fields_set)


def _publish(
    state: State, project: Project, before: tuple[ProjectStatus, float | None], sent: AbstractSet[str]
) -> None:
    """
    Raise the events of a changed project.

    :param before: its status and due date before the change.
    """
    changed = {
        ProjectEventType.PROJECT_STATUS_CHANGED: project.status is not before[0],
        ProjectEventType.PROJECT_DUE_DATE_CHANGED: project.due != before[1],
        ProjectEventType.PROJECT_METADATA_UPDATED: bool(sent - {"status", "date_due"}),
    }
    for event in (event for event, happened in changed.items() if happened):
        state.events.publish(ProjectEvent(event, project, state.clock.now()))


async def set_project_status(request: Request) -> Response:
    """Handle ``POST /api2/v1/projects/{projectUid}/setStatus``."""
    state, project = state_of(request), project_of(request)
    project.status = (await read_body(request, SetProjectStatus)).status
    state.events.publish(ProjectEvent(ProjectEventType.PROJECT_STATUS_CHANGED, project, state.clock.now()))
    return Response(status_code=204)


async def add_target_langs(request: Request) -> Response:
    """Handle ``POST /api2/v1/projects/{projectUid}/targetLangs``: changes the project, and adds no job."""
    state, project = state_of(request), project_of(request)
    added = (await read_body(request, AddTargetLangs)).target_langs
    languages.check(added, "targetLangs")
    known = [language for language in added if language in project.target_langs]
    if known and state.settings.refuse_known_target_langs:
        raise bad_request(f"targetLangs: the project has {', '.join(known)}.")
    project.target_langs += [language for language in added if language not in known]
    return Response(status_code=204)


async def restore_project(request: Request) -> Response:
    """Handle ``PATCH /api2/v1/projects/{projectUid}/restore``: restores a project from the archive."""
    project_of(request).archived_at = None
    return Response(status_code=204)


routes = [
    Route("/api2/v1/projects/{projectUid}", patch_project, methods=["PATCH"]),
    Route("/api2/v3/projects/{projectUid}", edit_project, methods=["PUT"]),
    Route("/api2/v1/projects/{projectUid}/setStatus", set_project_status, methods=["POST"]),
    Route("/api2/v1/projects/{projectUid}/targetLangs", add_target_langs, methods=["POST"]),
    Route("/api2/v1/projects/{projectUid}/restore", restore_project, methods=["PATCH"]),
]
