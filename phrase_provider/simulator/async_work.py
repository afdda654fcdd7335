"""Work that machines do after the answer: async requests, from their start to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator import notices, people
from phrase_provider.simulator.entities import AsyncAction, AsyncRequest, ImportStatus
from phrase_provider.simulator.events import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.entities import JobPart, Project
    from phrase_provider.simulator.world import World

    Failure = tuple[str, str] | None
    Ending = Callable[[World, AsyncRequest, list[JobPart], float], Failure]

_DURATIONS = {AsyncAction.IMPORT_JOB: "import_seconds", AsyncAction.EXPORT_COMPLETE_FILE: "export_seconds"}


def start(
    world: World, action: AsyncAction, parts: list[JobPart], project: Project, callback: str | None
) -> AsyncRequest:
    """
    Begin an async request.

    :return: the async request, pending; its end is scheduled.
    """
    now = world.clock.now()
    request = AsyncRequest(
        id=str(world.ids.number("async")),
        action=action,
        created=now,
        created_by=world.user,
        project=project,
        job_uids=[part.uid for part in parts],
        callback_url=callback,
    )
    world.requests[request.id] = world.pending[request.id] = request
    bounds = getattr(world.settings, _DURATIONS[action])
    world.schedule.add(now + world.duration(bounds, action, request.id), action, request.id)
    return request


def finish(world: World, request: AsyncRequest, at: float) -> None:
    """
    End a pending async request as its action ends.

    :param at: epoch seconds of simulated time.
    """
    parts = [part for uid in request.job_uids if (part := world.parts.get(uid))]
    _close(world, request, at, _ENDINGS[request.action](world, request, parts, at))
    if request.action is AsyncAction.IMPORT_JOB:
        for part in parts:
            people.plan(world, part, at)


def finish_import(world: World, part: JobPart) -> None:
    """End a pending import of the part's file now."""
    for request in _imports(world, part):
        finish(world, request, world.clock.now())


def fail_import(world: World, part: JobPart, text: str) -> None:
    """End the import of the part's file, for all its languages and steps, with an error."""
    for sibling in part.file.parts:
        sibling.plan += 1
        sibling.import_status, sibling.import_error = ImportStatus.ERROR, text
    for request in _imports(world, part):
        _close(world, request, world.clock.now(), ("JobImportFailed", text))


def _imports(world: World, part: JobPart) -> list[AsyncRequest]:
    uids = {sibling.uid for sibling in part.file.parts}
    imports = (request for request in world.pending.values() if request.action is AsyncAction.IMPORT_JOB)
    return [request for request in imports if not uids.isdisjoint(request.job_uids)]


def _close(world: World, request: AsyncRequest, at: float, failure: Failure) -> None:
    world.pending.pop(request.id, None)
    request.finished = at
    request.error_code, request.error_text = failure or (None, None)
    notices.request_ended(world, request, at)


def _end_import(world: World, _: AsyncRequest, parts: list[JobPart], __: float) -> Failure:
    error = world.settings.import_error or (parts[0].file.problem if parts else None)
    for part in parts:
        part.import_status = ImportStatus.ERROR if error else ImportStatus.OK
        part.import_error = error
    return ("JobImportFailed", error) if error else None


def _end_export(world: World, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
    error = world.settings.export_error
    for part in parts:
        error, part.fail_next_export = part.fail_next_export or error, None
    if not parts:
        error = "The job was deleted."
    if error:
        notices.job_event(world, WebhookEvent.JOB_UNEXPORTED, parts, at, error)
        return "JobExportFailed", error
    notices.job_event(world, WebhookEvent.JOB_EXPORTED, parts, at)
    return None


_ENDINGS: dict[AsyncAction, Ending] = {
    AsyncAction.IMPORT_JOB: _end_import,
    AsyncAction.EXPORT_COMPLETE_FILE: _end_export,
}
"""What each action does at its end; gives error code and text when it failed."""
