"""Changes of jobs of several projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import ApiError, bad_request
from phrase_provider.simulator.tms.actions import job_changes
from phrase_provider.simulator.tms.entities import ImportStatus
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.routes.job_edits import change_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import PatchJobs

if TYPE_CHECKING:
    from typing import Any

    from starlette.requests import Request

    from phrase_provider.simulator.tms.actions.job_changes import JobChange
    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.state import State


async def patch_jobs(request: Request) -> JSONResponse:
    """
    Handle ``PATCH /api2/v3/jobs``.

    200 even when no job could be changed; ``errors`` has the reason for each job.
    """
    state, body = state_of(request), await read_body(request, PatchJobs)
    if body.clear_date_due and body.date_due:
        raise bad_request("dateDue and clearDateDue exclude each other.")
    taken = body.model_fields_set | ({"date_due"} if body.clear_date_due else set())
    parts: list[JobPart] = []
    errors: list[dict[str, Any]] = []
    for uid in dict.fromkeys(job.uid for job in body.jobs):
        try:
            parts.append(_changeable(state, uid, change_of(state, body, taken)))
        except ApiError as error:
            errors.append(_error(error, uid))
    if parts:
        job_changes.apply(state, parts, change_of(state, body, taken))
    return JSONResponse({"updated": len(parts), "errors": errors})


def _changeable(state: State, uid: str, change: JobChange) -> JobPart:
    """
    Return a job after checking that the change can be made.

    :raises ApiError: with the reason.
    """
    part = state.part_by_uid(uid)
    if part.import_status is ImportStatus.ERROR:
        raise ApiError(400, "JobImportFailed", part.import_error)
    change.check(state, part)
    return part


def _error(error: ApiError, uid: str) -> dict[str, Any]:
    """``ErrorDetailDtoV3``; the values of ``args`` must be objects."""
    return {"code": error.code, "message": error.description, "args": {"job": {"uid": uid}}}


routes = [Route("/api2/v3/jobs", patch_jobs, methods=["PATCH"])]
