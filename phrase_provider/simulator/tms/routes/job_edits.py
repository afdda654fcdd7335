"""Jobs: move, change, delete, notify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.core.errors import not_found
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions import job_changes, linguists, mails, propagation, transitions
from phrase_provider.simulator.tms.actions.job_changes import JobChange
from phrase_provider.simulator.tms.actions.providers import known
from phrase_provider.simulator.tms.entities import MailOccasion
from phrase_provider.simulator.tms.events import JobEvent, JobEventType
from phrase_provider.simulator.tms.http.context import part_of, parts_of, project_of, state_of
from phrase_provider.simulator.tms.http.paging import PurgeQuery, read_query
from phrase_provider.simulator.tms.initial_data import as_provider
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import (
    EditJob,
    EditJobs,
    JobParts,
    NotifyAssigned,
    PatchJob,
    SetJobStatus,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from starlette.requests import Request

    from phrase_provider.simulator.tms.state import State


async def set_job_status(request: Request) -> Response:
    """
    Handle ``POST .../jobs/{jobUid}/setStatus``.

    204 without a body.
    """
    state, part = state_of(request), part_of(request)
    body = await read_body(request, SetJobStatus)
    transitions.check(state.settings, part, body.requested_status)
    linguists.set_status(state, part, body.requested_status, state.clock.now())
    if body.notify_owner:
        mails.send(state, MailOccasion.OWNER_NOTIFIED, part, [as_provider(part.project.owner)])
    if body.propagate_status:
        propagation.propagate(state, part)
    return Response(status_code=204)


async def patch_job(request: Request) -> JSONResponse:
    """Handle ``PATCH /api2/v1/projects/{projectUid}/jobs/{jobUid}``: what is not sent stays."""
    body = await read_body(request, PatchJob)
    return _change_one(request, change_of(state_of(request), body, body.model_fields_set))


async def edit_job(request: Request) -> JSONResponse:
    """
    Handle ``PUT /api2/v1/projects/{projectUid}/jobs/{jobUid}``.

    Due date and providers not sent are emptied.
    """
    body = await read_body(request, EditJob)
    return _change_one(request, change_of(state_of(request), body, EditJob.model_fields.keys()))


def _change_one(request: Request, change: JobChange) -> JSONResponse:
    state, part = state_of(request), part_of(request)
    change.check(state, part)
    job_changes.apply(state, [part], change)
    return JSONResponse(serializers.job(part))


async def edit_jobs(request: Request) -> JSONResponse:
    """
    Handle ``PUT /api2/v1/projects/{projectUid}/jobs/batch``: due date and providers not sent are emptied.

    Jobs that are not imported are left out, of the change and of the answer.
    """
    state = state_of(request)
    body = await read_body(request, EditJobs)
    parts = [part for part in parts_of(request, body.jobs or ()) if part.imported]
    change = change_of(state, body, EditJobs.model_fields.keys())
    for part in parts:
        change.check(state, part)
    job_changes.apply(state, parts, change)
    return JSONResponse(serializers.job_parts(parts))


def change_of(state: State, body: PatchJob, taken: AbstractSet[str]) -> JobChange:
    """
    Return the change that a body requests.

    :param taken: the fields of the body that are applied even when they are empty.
    :raises ApiError: 400 for an unknown provider.
    """
    return JobChange(
        status=body.status,
        due=epoch(body.date_due),
        providers=known(state, body.providers or ()),
        sets_due="date_due" in taken,
        sets_providers="providers" in taken,
    )


async def delete_jobs(request: Request) -> Response:
    """
    Handle ``DELETE /api2/v1/projects/{projectUid}/jobs/batch``.

    All of them or, with an unknown one, none.
    """
    state, project = state_of(request), project_of(request)
    body = await read_body(request, JobParts)
    # Validated, but without effect: there is no access to the recycle bin.
    read_query(request, PurgeQuery)
    parts = parts_of(request, body.jobs)
    state.events.publish(JobEvent(JobEventType.JOB_DELETED, parts, state.clock.now()))
    for part in parts:
        project.parts.pop(part.uid, None)
        state.parts.pop(part.uid, None)
        if part in part.job.parts:
            part.job.parts.remove(part)
    return Response(status_code=204)


async def notify_assigned(request: Request) -> Response:
    """
    Handle ``POST .../jobs/notifyAssigned``.

    New jobs with providers are ``EMAILED`` then.
    """
    state = state_of(request)
    body = await read_body(request, NotifyAssigned)
    if body.email_template.id not in state.email_templates:
        raise not_found("Email template", body.email_template.id)
    mails.notify_assigned(state, parts_of(request, body.jobs))
    return Response(status_code=204)


_JOBS = "/api2/v1/projects/{projectUid}/jobs"

routes = [
    Route(f"{_JOBS}/batch", edit_jobs, methods=["PUT"]),
    Route(f"{_JOBS}/batch", delete_jobs, methods=["DELETE"]),
    Route(f"{_JOBS}/notifyAssigned", notify_assigned, methods=["POST"]),
    Route(f"{_JOBS}/{{jobUid}}", patch_job, methods=["PATCH"]),
    Route(f"{_JOBS}/{{jobUid}}", edit_job, methods=["PUT"]),
    Route(f"{_JOBS}/{{jobUid}}/setStatus", set_job_status, methods=["POST"]),
]
