"""New jobs from source files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import languages, serializers
from phrase_provider.simulator.tms.actions.providers import known
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.imports import ImportTask
from phrase_provider.simulator.tms.entities import Job, JobPart
from phrase_provider.simulator.tms.events import JobEvent, JobEventType
from phrase_provider.simulator.tms.files import source_files
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.http.context import project_of, state_of
from phrase_provider.simulator.tms.schemas.uploads import JobMetadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import Project, ProjectStep, SourceFile
    from phrase_provider.simulator.tms.schemas.providers import Provider, ProvidersPerLanguage
    from phrase_provider.simulator.tms.state import State


async def create_jobs(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/projects/{projectUid}/jobs``: the file is the body, everything else is in headers.

    Of a ZIP, each file becomes a job of its own, in the folder that it has there. A file type that Phrase
    cannot read is no error: the answer names it in ``unsupportedFiles``.
    """
    metadata = headers.metadata(request.headers, JobMetadata)
    _check(state_of(request), project_of(request), metadata)
    upload = await source_files.read_all(request, state_of(request), metadata.path)
    state, project = state_of(request), project_of(request)
    state.require_async_slot()
    parts = [part for file in upload.files for part in _add_parts(state, project, metadata, file)]
    state.events.publish(JobEvent(JobEventType.JOB_CREATED, parts, state.clock.now()))
    task = ImportTask(pre_translate=bool(metadata.pre_translate))
    pending = lifecycle.start(state, task, project, parts, metadata.callback_url)
    answer = {
        "asyncRequest": serializers.async_reference(pending),
        "jobs": [serializers.created_job(part) for part in parts],
        "unsupportedFiles": upload.unsupported,
        "warnings": None,
    }
    return JSONResponse(answer, 201)


def _check(state: State, project: Project, metadata: JobMetadata) -> None:
    languages.check(metadata.target_langs, "targetLangs")
    if not set(metadata.target_langs) <= set(project.target_langs):
        raise bad_request("targetLangs must match project.")
    if metadata.import_settings and metadata.use_project_file_import_settings:
        raise bad_request("importSettings and useProjectFileImportSettings exclude each other.")
    if metadata.remote_file:
        raise bad_request("remoteFile: the connector token is unknown.")
    _check_assignments(state, metadata.assignments or ())
    package = metadata.job_preview_package_file_uid_ref
    if package and not state.has_preview_package(project, package.uid):
        raise bad_request(f"jobPreviewPackageFileUidRef: unknown uid {package.uid}")
    steps = {str(step.id) for step in project.steps}
    for configuration in metadata.workflow_settings or ():
        if configuration.id not in steps:
            raise bad_request(f"workflowSettings: unknown id {configuration.id}")
        _check_assignments(state, configuration.assignments)


def _check_assignments(state: State, assignments: Sequence[ProvidersPerLanguage]) -> None:
    for assignment in assignments:
        known(state, assignment.providers or ())


def _add_parts(state: State, project: Project, metadata: JobMetadata, file: SourceFile) -> list[JobPart]:
    """Create a part for each language and workflow step; the steps of a language share the ``innerId``."""
    for language in metadata.target_langs:
        project.files += 1
        job = Job(state.ids.uid(), str(project.files), project, file, language)
        job.parts = [_part(state, job, step, metadata) for step in project.steps]
        file.jobs.append(job)
    for part in file.parts:
        state.parts[part.uid] = project.parts[part.uid] = part
    return file.parts


def _part(state: State, job: Job, step: ProjectStep, metadata: JobMetadata) -> JobPart:
    assignments, due = metadata.assignments, metadata.due
    for configuration in metadata.workflow_settings or ():
        if configuration.id == str(step.id):
            assignments, due = configuration.assignments, configuration.due
    return JobPart(
        uid=state.ids.uid(),
        number=state.ids.number("job"),
        job=job,
        step=step,
        created=state.clock.now(),
        providers=known(state, _providers(assignments or (), job.target_lang)),
        due=epoch(due),
        end_index=job.file.segments - 1,
    )


def _providers(assignments: Sequence[ProvidersPerLanguage], language: str) -> list[Provider]:
    return [
        provider
        for assignment in assignments
        if assignment.target_lang in (None, language)
        for provider in assignment.providers or ()
    ]


routes = [Route("/api2/v1/projects/{projectUid}/jobs", create_jobs, methods=["POST"])]
