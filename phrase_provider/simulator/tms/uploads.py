"""New jobs from source files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator import async_work, formats, headers, languages, notices, render
from phrase_provider.simulator.content import Content
from phrase_provider.simulator.entities import Job, JobPart, SourceFile
from phrase_provider.simulator.errors import invalid
from phrase_provider.simulator.events import WebhookEvent
from phrase_provider.simulator.file_types import count_words, supported
from phrase_provider.simulator.providers import known
from phrase_provider.simulator.tms.context import project_of, world_of
from phrase_provider.simulator.work.imports import ImportJob

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.requests import Request

    from phrase_provider.simulator.bodies.providers import Provider, ProvidersPerLanguage
    from phrase_provider.simulator.bodies.uploads import JobMetadata
    from phrase_provider.simulator.entities import AsyncRequest, Project, ProjectStep
    from phrase_provider.simulator.world import World

_NAME_LIMIT = 255
"""Characters of folder and file name together; Phrase cuts off what is more."""


async def create_jobs(request: Request) -> JSONResponse:
    """
    ``POST /api2/v1/projects/{projectUid}/jobs``: the file is the body, everything else is in headers.

    A file type that Phrase cannot read is no error: the answer names it in ``unsupportedFiles``.
    """
    metadata = headers.job_metadata(request.headers)
    _check(world_of(request), project_of(request), metadata)
    name = headers.uploaded_name(request.headers)
    content = await request.body()
    if not content:
        raise invalid("The request has no file.")
    # In a thread, so that other requests do not wait; the project may be gone after it.
    problem = await asyncio.to_thread(formats.problem, name, content)
    world, project = world_of(request), project_of(request)
    world.require_async_slot()
    parts: list[JobPart] = []
    if supported(name):
        file = _source_file(world, name, metadata.path, content, problem)
        parts = _add_parts(world, project, metadata, file)
        notices.job_event(world, WebhookEvent.JOB_CREATED, parts, world.clock.now())
    pending = async_work.start(world, ImportJob(), project, parts, metadata.callback_url)
    return JSONResponse(_answer(name, pending, parts), 201)


def _answer(name: str, pending: AsyncRequest, parts: list[JobPart]) -> render.Json:
    return {
        "asyncRequest": render.async_reference(pending),
        "jobs": [render.created_job(part) for part in parts],
        "unsupportedFiles": [] if parts else [name],
        "warnings": None,
    }


def _check(world: World, project: Project, metadata: JobMetadata) -> None:
    languages.check(metadata.target_langs, "targetLangs")
    if not set(metadata.target_langs) <= set(project.target_langs):
        raise invalid("targetLangs must match project.")
    if metadata.import_settings and metadata.use_project_file_import_settings:
        raise invalid("importSettings and useProjectFileImportSettings exclude each other.")
    if metadata.remote_file:
        raise invalid("remoteFile: the connector token is unknown.")
    _check_assignments(world, metadata.assignments or ())
    steps = {str(step.id) for step in project.steps}
    for configuration in metadata.workflow_settings or ():
        if configuration.id not in steps:
            raise invalid(f"workflowSettings: unknown id {configuration.id}")
        _check_assignments(world, configuration.assignments)


def _check_assignments(world: World, assignments: Sequence[ProvidersPerLanguage]) -> None:
    for assignment in assignments:
        known(world, assignment.providers or ())


def _source_file(
    world: World, name: str, path: str | None, content: bytes, problem: str | None
) -> SourceFile:
    kept = max(1, _NAME_LIMIT - len(path or ""))
    return SourceFile(
        uid=world.ids.uid(),
        name=name[:kept],
        directory=path,
        content=Content(content),
        words=count_words(content),
        segments=content.count(b"\n") + 1,
        problem=problem,
    )


def _add_parts(world: World, project: Project, metadata: JobMetadata, file: SourceFile) -> list[JobPart]:
    """Add one part for each language and workflow step; all steps of a language share their ``innerId``."""
    for language in metadata.target_langs:
        project.files += 1
        job = Job(world.ids.uid(), str(project.files), project, file, language)
        job.parts = [_part(world, job, step, metadata) for step in project.steps]
        file.jobs.append(job)
    for part in file.parts:
        world.parts[part.uid] = project.parts[part.uid] = part
    return file.parts


def _part(world: World, job: Job, step: ProjectStep, metadata: JobMetadata) -> JobPart:
    assignments, due = metadata.assignments, metadata.due
    for configuration in metadata.workflow_settings or ():
        if configuration.id == str(step.id):
            assignments, due = configuration.assignments, configuration.due
    return JobPart(
        uid=world.ids.uid(),
        number=world.ids.number("job"),
        job=job,
        step=step,
        created=world.clock.now(),
        providers=known(world, _providers(assignments or (), job.target_lang)),
        due=_seconds(due),
        end_index=job.file.segments - 1,
    )


def _providers(assignments: Sequence[ProvidersPerLanguage], language: str) -> list[Provider]:
    return [
        provider
        for assignment in assignments
        if assignment.target_lang in (None, language)
        for provider in assignment.providers or ()
    ]


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


routes = [Route("/api2/v1/projects/{projectUid}/jobs", create_jobs, methods=["POST"])]
