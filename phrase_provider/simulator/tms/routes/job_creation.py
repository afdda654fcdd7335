"""New jobs from source files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import languages, serializers
from phrase_provider.simulator.tms.actions import new_jobs
from phrase_provider.simulator.tms.actions.preconditions import require_room
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.imports import ImportTask
from phrase_provider.simulator.tms.events import JobEvent, JobEventType
from phrase_provider.simulator.tms.files import source_files
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.http.context import project_of, state_of
from phrase_provider.simulator.tms.schemas.uploads import JobMetadata

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import JobPart, Project, SourceFile
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
    require_room(state, project, len(upload.files) * len(metadata.target_langs))
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
    new_jobs.check(state, project, metadata)
    package = metadata.job_preview_package_file_uid_ref
    if package and not state.has_preview_package(project, package.uid):
        raise bad_request(f"jobPreviewPackageFileUidRef: unknown uid {package.uid}")


def _add_parts(state: State, project: Project, metadata: JobMetadata, file: SourceFile) -> list[JobPart]:
    """Create a part for each language and workflow step; the steps of a language share the ``innerId``."""
    for language in metadata.target_langs:
        new_jobs.add(state, project, file, language, metadata)
    return file.parts


routes = [Route("/api2/v1/projects/{projectUid}/jobs", create_jobs, methods=["POST"])]
