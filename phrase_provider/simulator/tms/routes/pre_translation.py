"""Pre-translation of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import ApiError
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.pre_translation import PreTranslationTask
from phrase_provider.simulator.tms.http.context import parts_of, project_of, state_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.pre_translation import (
    MachineTranslation,
    PreTranslateJobs,
    PreTranslateSettings,
    TranslationMemory,
)

if TYPE_CHECKING:
    from starlette.requests import Request


async def pre_translate(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v3/projects/{projectUid}/jobs/preTranslate``: 202; all jobs must be imported."""
    state, body = state_of(request), await read_body(request, PreTranslateJobs)
    task = _work(body)
    parts = parts_of(request, body.jobs)
    for part in parts:
        require_imported(part)
    state.require_async_slot()
    started = lifecycle.start(state, task, project_of(request), parts, body.callback_url)
    return JSONResponse({"asyncRequest": serializers.async_request_v2(started), "reference": None}, 202)


def _work(body: PreTranslateJobs) -> PreTranslationTask:
    """Return the task that the settings request; projects have none of their own, so the defaults apply."""
    settings = body.pre_translate_settings
    if body.use_project_pre_translate_settings:
        settings = PreTranslateSettings()
    if settings is None:
        text = "preTranslateSettings must be given unless useProjectPreTranslateSettings is true."
        raise ApiError(400, "PRE_TRANSLATE_SETTINGS_REQUIRED", text)
    machine = settings.machine_translation_settings or MachineTranslation()
    memory = settings.translation_memory_settings or TranslationMemory()
    confirmed = settings.set_job_status_completed_when_confirmed and machine.confirm_matches
    return PreTranslationTask(
        # No segment is ever locked here.
        translates=body.segment_filters != ["LOCKED"]
        and (machine.use_machine_translation or memory.use_translation_memory),
        completes_jobs=settings.set_job_status_completed or confirmed,
        completes_project=settings.set_project_status_completed,
    )


routes = [Route("/api2/v3/projects/{projectUid}/jobs/preTranslate", pre_translate, methods=["POST"])]
