"""Creation of projects, with or without a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import languages, serializers
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.projects import ProjectCreationTask, add
from phrase_provider.simulator.tms.entities import WITHOUT_WORKFLOW, Project, ProjectStep
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.initial_data import GUIDE_BUSINESS_UNIT, REFERENCES
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.projects import (
    BusinessReferences,
    CreateProject,
    CreateProjectFromTemplate,
    CreateProjectFromTemplateAsync,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import Reference, Template, WorkflowStep
    from phrase_provider.simulator.tms.schemas.projects import NewProject, ProjectExtras
    from phrase_provider.simulator.tms.state import State


async def apply_template(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v2/projects/applyTemplate/{templateUid}``.

    Providers of the template are not assigned.
    """
    state, template = state_of(request), _template_of(request)
    project = _from_template(state, template, await read_body(request, CreateProjectFromTemplate))
    add(state, project, state.clock.now())
    return JSONResponse(serializers.created_project(project, state.settings.user_role), 201)


async def apply_template_async(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v2/projects/applyTemplate/async/{templateUid}``.

    202; the project appears at its end.
    """
    state, template = state_of(request), _template_of(request)
    body = await read_body(request, CreateProjectFromTemplateAsync)
    project = _from_template(state, template, body)
    state.require_async_slot()
    started = lifecycle.start(state, ProjectCreationTask(project), None, (), body.callback_url)
    return JSONResponse({"asyncRequest": serializers.async_request_v2(started), "reference": None}, 202)


async def create_project(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v3/projects``; the steps are those that the body names, or none."""
    state, body = state_of(request), await read_body(request, CreateProject)
    steps = _chosen_steps(state, body) or [WITHOUT_WORKFLOW]
    project = _project(state, body, source=body.source_lang, targets=body.target_langs, steps=steps)
    project.note, project.purchase_order = body.note, body.purchase_order
    take_extras(project, body)
    add(state, project, state.clock.now())
    return JSONResponse(serializers.created_project(project, state.settings.user_role), 201)


def _template_of(request: Request) -> Template:
    return state_of(request).template(request.path_params["templateUid"])


def _from_template(state: State, template: Template, body: CreateProjectFromTemplate) -> Project:
    project = _project(
        state,
        body,
        source=body.source_lang or template.source_lang,
        targets=list(body.target_langs or template.target_langs),
        steps=_chosen_steps(state, body) or template.steps,
    )
    project.template, project.owner = template, template.owner
    project.references = {**template.references, **project.references}
    project.note = body.note if body.note is not None else template.note
    return project


def _project(
    state: State, body: NewProject, *, source: str, targets: list[str], steps: Sequence[WorkflowStep]
) -> Project:
    languages.check([source], "sourceLang")
    languages.check(targets, "targetLangs")
    references = references_of(body)
    number = state.ids.number("project")
    return Project(
        id=str(number),
        uid=state.ids.uid(),
        internal_id=number - 37120,
        name=body.name,
        template=None,
        source_lang=source,
        target_langs=targets,
        steps=[ProjectStep(state.ids.number("step"), n, step) for n, step in enumerate(steps, 1)],
        owner=state.user,
        created_by=state.user,
        created=state.clock.now(),
        references=references,
        due=epoch(body.date_due),
    )


def _chosen_steps(state: State, body: NewProject) -> list[WorkflowStep]:
    chosen = [step.id for step in body.workflow_steps or ()]
    for id_ in chosen:
        if id_ not in state.steps:
            raise bad_request(f"workflowSteps: unknown id {id_}")
    return [state.steps[id_] for id_ in chosen]


def take_extras(project: Project, body: ProjectExtras) -> None:
    """Copy the fields that only requests of version 3 have."""
    project.file_handover = body.file_handover
    name = "propagateTranslationsToLowerWfDuringUpdateSource"
    project.workflow_settings[name] = body.propagate_translations_to_lower_wf_during_update_source


def references_of(body: BusinessReferences) -> dict[str, Reference]:
    """
    Return the business references that a body names by id.

    :raises ApiError: 400 for an unknown id.
    """
    found: dict[str, Reference] = {}
    for name, info in BusinessReferences.model_fields.items():
        wanted, kind = getattr(body, name), str(info.alias)
        if wanted is None:
            continue
        found[kind] = reference_of(kind, wanted.id)
    return found


def reference_of(kind: str, id_: str) -> Reference:
    """
    Return a business reference.

    :param kind: such as ``businessUnit``.
    :raises ApiError: 400 for an unknown id.
    """
    further = [GUIDE_BUSINESS_UNIT] if kind == "businessUnit" else []
    for reference in (REFERENCES[kind], *further):
        if reference["id"] == id_:
            return reference
    raise bad_request(f"{kind}: unknown id {id_}")


routes = [
    Route("/api2/v3/projects", create_project, methods=["POST"]),
    Route("/api2/v2/projects/applyTemplate/{templateUid}", apply_template, methods=["POST"]),
    Route("/api2/v2/projects/applyTemplate/async/{templateUid}", apply_template_async, methods=["POST"]),
]
