"""Assignment of jobs to the providers of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions import job_changes, mails
from phrase_provider.simulator.tms.actions.job_changes import JobChange
from phrase_provider.simulator.tms.entities import JobStatus
from phrase_provider.simulator.tms.http.context import parts_of, project_of, state_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import JobParts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import JobPart, ProviderReference, Template


async def assign_all(request: Request) -> JSONResponse:
    """
    Handle ``POST .../applyTemplate/{templateUid}/assignProviders``.

    All jobs of the project, without a body.
    """
    return _assign(request, project_of(request).parts.values())


async def assign_some(request: Request) -> JSONResponse:
    """Handle ``POST .../applyTemplate/{templateUid}/assignProviders/forJobParts``."""
    body = await read_body(request, JobParts)
    return _assign(request, parts_of(request, body.jobs))


def _assign(request: Request, parts: Iterable[JobPart]) -> JSONResponse:
    """Assign the template's providers, by order of steps, notify them, and answer the assigned jobs."""
    state = state_of(request)
    template = state.template(request.path_params["templateUid"])
    if len(template.steps) != len(project_of(request).workflow):
        raise bad_request("The template and the project have different numbers of workflow steps.")
    chosen = [(part, given) for part in parts if _is_open(part) and (given := _providers(template, part))]
    for part, given in chosen:
        job_changes.apply(state, [part], JobChange(providers=given, sets_providers=True))
    if template.notification:
        mails.notify_assigned(state, [part for part, _ in chosen])
    return JSONResponse(serializers.job_parts([part for part, _ in chosen]))


def _is_open(part: JobPart) -> bool:
    """Return whether a job needs a provider; jobs that are assigned or not ready are skipped."""
    return part.imported and not part.providers and part.status is not JobStatus.ACCEPTED


def _providers(template: Template, part: JobPart) -> list[ProviderReference]:
    return template.providers[part.level - 1].get(part.target_lang, [])


_ASSIGN = "/api2/v1/projects/{projectUid}/applyTemplate/{templateUid}/assignProviders"

routes = [
    Route(_ASSIGN, assign_all, methods=["POST"]),
    Route(f"{_ASSIGN}/forJobParts", assign_some, methods=["POST"]),
]
