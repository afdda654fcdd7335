"""New source and target files of existing jobs."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.source_update import SourceUpdateTask
from phrase_provider.simulator.tms.async_actions.target_update import TargetUpdateTask
from phrase_provider.simulator.tms.entities import JobStatus
from phrase_provider.simulator.tms.files import source_files
from phrase_provider.simulator.tms.files.archives import is_archive
from phrase_provider.simulator.tms.files.file_types import supported
from phrase_provider.simulator.tms.http import files, headers
from phrase_provider.simulator.tms.http.context import parts_of, project_of, state_of
from phrase_provider.simulator.tms.schemas.uploads import UpdateSource, UpdateTarget

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import JobPart, SourceFile
    from phrase_provider.simulator.tms.schemas.base import UidReference

_FINAL = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED, JobStatus.CANCELLED})
_NO_TARGETS = frozenset({".po", ".tbx", ".tmx", ".ttx", ".ts"})
"""File types whose target files cannot be updated."""


async def update_source(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/projects/{projectUid}/jobs/source``.

    The file is the body, as for the creation of jobs. Each job stands for one language; other languages of
    its file keep the old one, unless it is multilingual.
    """
    metadata = headers.metadata(request.headers, UpdateSource)
    _source_parts(request, metadata.jobs)
    file = await source_files.read(request, state_of(request))
    if is_archive(file.name) or not supported(file.name):
        raise bad_request(f"The source cannot be updated from a file such as {file.name}.")
    # Checked again, because reading took time.
    state, parts = state_of(request), _source_parts(request, metadata.jobs)
    state.require_async_slot()
    task = SourceUpdateTask(file, pre_translate=metadata.pre_translate)
    task.begin(parts)
    started = lifecycle.start(state, task, project_of(request), parts, metadata.callback_url)
    answer = {
        "asyncRequest": serializers.async_reference(started),
        "jobs": [serializers.source_updated_job(part) for part in parts],
    }
    return JSONResponse(answer)


def _source_parts(request: Request, references: list[UidReference]) -> list[JobPart]:
    parts = _with_siblings(parts_of(request, references))
    final = _FINAL if state_of(request).settings.delivered_is_final else _FINAL - {JobStatus.DELIVERED}
    _require_one_multilingual({part.file for part in parts})
    for part in parts:
        _require_whole(part)
        if part.job.continuous or part.job.remote_folder is not None:
            raise bad_request(f"Job {part.uid} is continuous or from a connector.")
        if part.level != 1:
            raise bad_request(f"Job {part.uid} is not of the first workflow step.")
        if any(sibling.status in final for sibling in part.job.parts):
            raise bad_request(f"Job {part.uid} is in a final status, in this workflow step or another.")
    return parts


def _with_siblings(parts: list[JobPart]) -> list[JobPart]:
    """Add the other languages of multilingual files: they are updated, too."""
    siblings = [other for part in parts if part.file.multilingual for other in part.file.parts]
    return list(dict.fromkeys([*parts, *(other for other in siblings if other.level == 1)]))


def _require_one_multilingual(files: set[SourceFile]) -> None:
    if len(files) > 1 and any(file.multilingual for file in files):
        raise bad_request("A multilingual file cannot be updated together with others.")


async def update_target(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/projects/{projectUid}/jobs/target``.

    202; without a file name, the job's is meant.
    """
    metadata = headers.metadata(request.headers, UpdateTarget)
    [part] = parts_of(request, metadata.jobs)
    _require_whole(part)
    sent = await files.receive(request, part.file.name)
    suffix = _suffix(part.file.name)
    if _suffix(sent.name) != suffix or is_archive(sent.name) or suffix in _NO_TARGETS:
        raise bad_request(f"The target of {part.file.name} cannot be updated from {sent.name}.")
    state = state_of(request)
    state.require_async_slot()
    task = TargetUpdateTask(sent.content)
    started = lifecycle.start(state, task, project_of(request), [part], metadata.callback_url)
    answer = {
        "asyncRequest": serializers.async_reference(started),
        "jobs": [serializers.target_updated_job(part)],
    }
    return JSONResponse(answer, 202)


def _require_whole(part: JobPart) -> None:
    require_imported(part)
    if part.split:
        raise bad_request(f"Job {part.uid} is split.")


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


routes = [
    Route("/api2/v1/projects/{projectUid}/jobs/source", update_source, methods=["POST"]),
    Route("/api2/v1/projects/{projectUid}/jobs/target", update_target, methods=["POST"]),
]
