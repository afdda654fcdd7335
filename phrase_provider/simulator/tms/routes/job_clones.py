"""Clones of jobs into further languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import languages, serializers
from phrase_provider.simulator.tms.actions import new_jobs
from phrase_provider.simulator.tms.actions.preconditions import require_imported, require_room
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.imports import ImportTask
from phrase_provider.simulator.tms.events import JobEvent, JobEventType
from phrase_provider.simulator.tms.http.context import project_of, state_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.new_jobs import CloneJobs

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import Job, JobPart, Project
    from phrase_provider.simulator.tms.schemas.new_jobs import JobPartTargetLangs
    from phrase_provider.simulator.tms.state import State

_MOST_CLONES = 10_000
"""The specification names no limit; this is the simulator's own."""


async def clone_jobs(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/projects/{projectUid}/jobs/clone``: all jobs, or none where one is refused.

    The clones are of the same source file, in all workflow steps, and are imported later.
    """
    state, project = state_of(request), project_of(request)
    body = await read_body(request, CloneJobs)
    if len(project.target_langs) < 2:
        raise bad_request("The project has only one target language.")
    _check_settings(state, project, body)
    wanted = [pair for item in body.job_part_target_langs for pair in _pairs(state, project, item)]
    if len(wanted) > _MOST_CLONES:
        raise bad_request(f"More than {_MOST_CLONES} clones in a request.")
    require_room(state, project, len(wanted))
    state.require_async_slot()
    parts = [
        part
        for job, language in wanted
        for part in new_jobs.add_clone(state, job, language, body, split=body.keep_split).parts
    ]
    state.events.publish(JobEvent(JobEventType.JOB_CREATED, parts, state.clock.now()))
    lifecycle.start(state, ImportTask(), project, parts, None)
    return JSONResponse(serializers.job_parts(parts), state.settings.clone_status)


def _check_settings(state: State, project: Project, body: CloneJobs) -> None:
    new_jobs.check(state, project, body)
    configured = {configuration.id for configuration in body.workflow_settings or ()}
    if body.workflow_settings is not None and configured != {str(step.id) for step in project.steps}:
        raise bad_request("workflowSettings must have an entry for every workflow step.")


def _pairs(state: State, project: Project, item: JobPartTargetLangs) -> list[tuple[Job, str]]:
    """Return the job that an entry of the body names, with each of its languages, if it can be cloned."""
    part = state.part(project.uid, item.job_part.uid)
    _require_clonable(part)
    languages.check(item.target_langs, "targetLangs")
    if not set(item.target_langs) <= set(project.target_langs):
        raise bad_request("targetLangs must match project.")
    there = {other.target_lang for other in part.file.parts if other.uid in project.parts}
    known = there & set(item.target_langs)
    if known and state.settings.refuse_known_clone_langs:
        raise bad_request(f"targetLangs: job {part.uid} has a job of its file in {', '.join(sorted(known))}.")
    return [(part.job, language) for language in item.target_langs]


def _require_clonable(part: JobPart) -> None:
    require_imported(part)
    if part.file.multilingual:
        raise bad_request(f"Job {part.uid} is multilingual and cannot be cloned.")


routes = [Route("/api2/v1/projects/{projectUid}/jobs/clone", clone_jobs, methods=["POST"])]
