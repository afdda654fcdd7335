"""
How work moves: imports and exports by machine, job parts by people.

A part is accepted when its file is imported and the step before it is finished; it is completed some time
later. Nobody delivers by himself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.entities import AsyncAction, AsyncRequest, ImportStatus, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.entities import JobPart, Project
    from phrase_provider.simulator.schedule import Event
    from phrase_provider.simulator.world import World

FINISHED = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED})
_OPEN = frozenset({JobStatus.NEW, JobStatus.EMAILED})
_DURATIONS = {AsyncAction.IMPORT_JOB: "import_seconds", AsyncAction.EXPORT_COMPLETE_FILE: "export_seconds"}


def start(
    world: World, action: AsyncAction, parts: list[JobPart], project: Project, callback: str | None
) -> AsyncRequest:
    """
    Begin an import or an export.

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


def do(world: World, event: Event) -> None:
    """Let one event happen, unless its subject is gone or was moved by hand since."""
    if event.subject in world.pending:
        _finish(world, world.pending.pop(event.subject), event.due)
        return
    part = world.parts.get(event.subject)
    if part is not None and part.plan == event.plan and world.settings.work_moves:
        _PEOPLE[event.kind](world, part, event.due)


def set_status(world: World, part: JobPart, status: JobStatus, at: float) -> None:
    """
    Move a part by hand or by command, and plan what follows from it.

    :param at: epoch seconds of simulated time.
    """
    part.plan += 1
    part.status = status
    if status in FINISHED:
        part.translated = True
    _plan(world, part, at)
    if status in FINISHED:
        for following in _same_slice(part, part.level + 1):
            _plan(world, following, at)


def resume(world: World, part: JobPart) -> None:
    """Plan the work of a part that is new on the scene."""
    _plan(world, part, world.clock.now())


def finish_import(world: World, part: JobPart) -> None:
    """End a pending import of the part's file now."""
    for request in _imports(world, part):
        _finish(world, world.pending.pop(request.id), world.clock.now())


def fail_import(world: World, part: JobPart, text: str) -> None:
    """End the import of the part's file, for all its languages and steps, with an error."""
    for sibling in part.file.parts:
        sibling.plan += 1
        sibling.import_status, sibling.import_error = ImportStatus.ERROR, text
    for request in _imports(world, part):
        _close(world.pending.pop(request.id), world.clock.now(), "JobImportFailed", text)


def _imports(world: World, part: JobPart) -> list[AsyncRequest]:
    uids = {sibling.uid for sibling in part.file.parts}
    imports = (request for request in world.pending.values() if request.action is AsyncAction.IMPORT_JOB)
    return [request for request in imports if not uids.isdisjoint(request.job_uids)]


def _finish(world: World, request: AsyncRequest, at: float) -> None:
    parts = [part for uid in request.job_uids if (part := world.parts.get(uid))]
    if request.action is AsyncAction.IMPORT_JOB:
        _finish_import(world, request, parts, at)
    else:
        _finish_export(world, request, parts, at)


def _finish_import(world: World, request: AsyncRequest, parts: list[JobPart], at: float) -> None:
    error = world.settings.import_error or (parts[0].file.problem if parts else None)
    for part in parts:
        part.import_status = ImportStatus.ERROR if error else ImportStatus.OK
        part.import_error = error
    _close(request, at, "JobImportFailed" if error else None, error)
    for part in parts:
        _plan(world, part, at)


def _finish_export(world: World, request: AsyncRequest, parts: list[JobPart], at: float) -> None:
    error = world.settings.export_error
    for part in parts:
        error, part.fail_next_export = part.fail_next_export or error, None
    if not parts:
        error = "The job was deleted."
    _close(request, at, "JobExportFailed" if error else None, error)


def _close(request: AsyncRequest, at: float, code: str | None, text: str | None) -> None:
    request.finished, request.error_code, request.error_text = at, code, text


def _plan(world: World, part: JobPart, at: float) -> None:
    """Schedule what somebody will do with the part, when it is somebody's turn."""
    if not part.imported:
        return
    if _waits_for_provider(part):
        kind, bounds = "accept", world.settings.accept_seconds
    elif part.status is JobStatus.ACCEPTED:
        kind, bounds = "complete", world.settings.complete_seconds
    else:
        return
    delay = world.duration(bounds, kind, part.project.internal_id, part.job.inner_id, part.level)
    world.schedule.add(at + delay, kind, part.uid, part.plan)


def _accept(world: World, part: JobPart, at: float) -> None:
    if _waits_for_provider(part):
        set_status(world, part, JobStatus.ACCEPTED, at)


def _complete(world: World, part: JobPart, at: float) -> None:
    if part.status is JobStatus.ACCEPTED:
        set_status(world, part, JobStatus.COMPLETED, at)


_PEOPLE: dict[str, Callable[[World, JobPart, float], None]] = {"accept": _accept, "complete": _complete}


def _waits_for_provider(part: JobPart) -> bool:
    """Tell whether nobody has taken the part although the step before is finished."""
    return part.status in _OPEN and all(
        before.status in FINISHED for before in _same_slice(part, part.level - 1)
    )


def _same_slice(part: JobPart, level: int) -> list[JobPart]:
    return [other for other in part.job.parts if (other.level, other.slice) == (level, part.slice)]
