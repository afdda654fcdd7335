"""Target files: start an export, download it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.errors import ApiError, not_found
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.exports import ExportTask
from phrase_provider.simulator.tms.files import target_files
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.http.context import part_of, state_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import ExportTarget

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import State


async def start_export(request: Request) -> JSONResponse:
    """
    Handle ``PUT /api2/v3/projects/{projectUid}/jobs/{jobUid}/targetFile``: 400 while the job is not imported.

    Any workflow step can be exported. All steps and pieces of a job share one translation here, so each
    returns the same file; with Phrase, the highest step has the final one.
    """
    part, body = part_of(request), await read_body(request, ExportTarget, optional=True)
    return _start(state_of(request), part, body.callback_url)


async def start_export_without_body(request: Request) -> JSONResponse:
    """
    Handle ``PUT /api2/v2/projects/{projectUid}/jobs/{jobUid}/targetFile``.

    The same, without a callback.
    """
    return _start(state_of(request), part_of(request), None)


def _start(state: State, part: JobPart, callback_url: str | None) -> JSONResponse:
    require_imported(part)
    state.require_async_slot()
    export = lifecycle.start(state, ExportTask(), part.project, [part], callback_url)
    answer = {
        "asyncRequest": serializers.async_request_v2(export),
        "reference": {"type": "JOB", "uid": part.uid},
    }
    return JSONResponse(answer, 202)


async def download(request: Request) -> Response:
    """
    Handle ``GET /api2/v2/projects/{projectUid}/jobs/{jobUid}/downloadTargetFile/{asyncRequestId}``.

    The id is void as soon as a download starts, whatever becomes of it.
    """
    state, part = state_of(request), part_of(request)
    _use(state, part, request.path_params["asyncRequestId"])
    target = await target_files.write(part)
    part.warnings = list(target.warnings)
    prefix = state.settings.content_disposition_prefix
    return Response(
        target.content,
        headers={"content-disposition": headers.content_disposition(part.file.name, prefix)},
        media_type="application/octet-stream",
    )


def _use(state: State, part: JobPart, id_: str) -> None:
    export: AsyncRequest = state.async_request(id_)
    if not isinstance(export.task, ExportTask) or part.uid not in export.job_uids:
        raise not_found("Async request", id_)
    if export.used:
        raise ApiError(state.settings.used_download_status, "Gone", f"Async request {id_} was used already.")
    if export.finished is None or export.error_code:
        raise ApiError(state.settings.early_download_status, "NotFound", f"Async request {id_} has no file.")
    export.used = state.unsaved = True


routes = [
    Route("/api2/v3/projects/{projectUid}/jobs/{jobUid}/targetFile", start_export, methods=["PUT"]),
    Route(
        "/api2/v2/projects/{projectUid}/jobs/{jobUid}/targetFile", start_export_without_body, methods=["PUT"]
    ),
    Route(
        "/api2/v2/projects/{projectUid}/jobs/{jobUid}/downloadTargetFile/{asyncRequestId}",
        download,
        methods=["GET"],
    ),
]
