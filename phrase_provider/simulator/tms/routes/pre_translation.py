"""Pre-translating jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import Refusal
from phrase_provider.simulator.tms import serializers as render
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle as async_work
from phrase_provider.simulator.tms.async_actions.pre_translation import PreTranslation
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
    """``POST /api2/v3/projects/{projectUid}/jobs/preTranslate``: 202; all jobs must be imported."""
    state, body = state_of(request), await read_body(request, PreTranslateJobs)
    work = _work(body)
    parts = parts_of(request, body.jobs)
    for part in parts:
        require_imported(part)
    state.require_async_slot()
    started = async_work.start(state, work, project_of(request), parts, body.callback_url)
    return JSONResponse({"asyncRequest": render.async_request_v2(started), "reference": None}, 202)


def _work(body: PreTranslateJobs) -> PreTranslation:
    """Return what the settings ask for; no project has any, so the defaults stand for them."""
    settings = body.pre_translate_settings
    if body.use_project_pre_translate_settings:
        settings = PreTranslateSettings()
    if settings is None:
        text = "preTranslateSettings must be given unless useProjectPreTranslateSettings is true."
        raise Refusal(400, "PRE_TRANSLATE_SETTINGS_REQUIRED", text)
    machine = settings.machine_translation_settings or MachineTranslation()
    memory = settings.translation_memory_settings or TranslationMemory()
    confirmed = settings.set_job_status_completed_when_confirmed and machine.confirm_matches
    return PreTranslation(
        # No segment is ever locked.
        translates=body.segment_filters != ["LOCKED"]
        and (machine.use_machine_translation or memory.use_translation_memory),
        completes_jobs=settings.set_job_status_completed or confirmed,
        completes_project=settings.set_project_status_completed,
    )


routes = [Route("/api2/v3/projects/{projectUid}/jobs/preTranslate", pre_translate, methods=["POST"])]
