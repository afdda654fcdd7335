"""New projects from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator import languages, notices, render
from phrase_provider.simulator.bodies.base import read_body
from phrase_provider.simulator.bodies.projects import BusinessReferences, CreateProjectFromTemplate
from phrase_provider.simulator.catalogue import REFERENCES
from phrase_provider.simulator.entities import Project, ProjectStep
from phrase_provider.simulator.errors import invalid
from phrase_provider.simulator.events import WebhookEvent
from phrase_provider.simulator.tms.context import world_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.entities import Reference, Template, WorkflowStep
    from phrase_provider.simulator.world import World


async def apply_template(request: Request) -> JSONResponse:
    """``POST /api2/v2/projects/applyTemplate/{templateUid}``; providers of the template are not assigned."""
    world = world_of(request)
    template = world.template(request.path_params["templateUid"])
    project = _create(world, template, await read_body(request, CreateProjectFromTemplate))
    world.projects[project.uid] = project
    notices.project_event(world, WebhookEvent.PROJECT_CREATED, project, project.created)
    return JSONResponse(render.created_project(project, world.settings.user_role), 201)


def _create(world: World, template: Template, body: CreateProjectFromTemplate) -> Project:
    source = body.source_lang or template.source_lang
    targets = list(body.target_langs or template.target_langs)
    languages.check([source], "sourceLang")
    languages.check(targets, "targetLangs")
    steps = _steps(world, template, body)
    number = world.ids.number("project")
    return Project(
        id=str(number),
        uid=world.ids.uid(),
        internal_id=number - 37120,
        name=body.name,
        template=template,
        source_lang=source,
        target_langs=targets,
        steps=[ProjectStep(world.ids.number("step"), n, step) for n, step in enumerate(steps, 1)],
        owner=template.owner,
        created_by=world.user,
        created=world.clock.now(),
        references={**template.references, **references_of(body)},
        due=body.date_due.timestamp() if body.date_due else None,
        note=body.note if body.note is not None else template.note,
    )


def _steps(world: World, template: Template, body: CreateProjectFromTemplate) -> list[WorkflowStep]:
    if not body.workflow_steps:
        return list(template.steps)
    unknown = [step.id for step in body.workflow_steps if step.id not in world.steps]
    if unknown:
        raise invalid(f"workflowSteps: unknown id {unknown[0]}")
    return [world.steps[step.id] for step in body.workflow_steps]


def references_of(body: BusinessReferences) -> dict[str, Reference]:
    """
    Look up the business references that a body names by id.

    :raises Refusal: 400 for an unknown id.
    """
    found: dict[str, Reference] = {}
    for name, info in BusinessReferences.model_fields.items():
        wanted, kind = getattr(body, name), str(info.alias)
        if wanted is None:
            continue
        if wanted.id != REFERENCES[kind]["id"]:
            raise invalid(f"{kind}: unknown id {wanted.id}")
        found[kind] = REFERENCES[kind]
    return found


routes = [Route("/api2/v2/projects/applyTemplate/{templateUid}", apply_template, methods=["POST"])]
