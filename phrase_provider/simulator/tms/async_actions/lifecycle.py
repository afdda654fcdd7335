"""Async requests, from their start to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions import imports
from phrase_provider.simulator.tms.entities.projects import AsyncAction, AsyncRequest
from phrase_provider.simulator.webhooks import publish as notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.async_actions.base import Work
    from phrase_provider.simulator.tms.entities.projects import JobPart, Project
    from phrase_provider.simulator.tms.state import World


def start(
    world: World, work: Work, project: Project | None, parts: Sequence[JobPart], callback: str | None
) -> AsyncRequest:
    """
    Begin an async request.

    :param project: that the work is done in; ``None`` when it is still to be made.
    :param callback: URL to tell of the end.
    :return: the async request, pending; its end is scheduled.
    """
    now = world.clock.now()
    request = AsyncRequest(
        id=str(world.ids.number("async")),
        work=work,
        created=now,
        created_by=world.user,
        project=project,
        job_uids=[part.uid for part in parts],
        callback_url=callback,
    )
    world.requests[request.id] = world.pending[request.id] = request
    bounds = getattr(world.settings, work.duration)
    world.schedule.add(now + world.duration(bounds, work.action, request.id), work.action, request.id)
    return request


def finish(world: World, request: AsyncRequest, at: float) -> None:
    """
    End a pending async request as its action ends.

    :param at: epoch seconds of simulated time.
    """
    failure = request.work.end(world, request, _parts(world, request), at)
    world.pending.pop(request.id, None)
    request.finished = at
    request.error_code, request.error_text = failure or (None, None)
    notices.request_ended(world, request, at, request.work.details(world))


def finish_import(world: World, part: JobPart) -> None:
    """End what keeps the part from being ready, an import or a source update, now."""
    for request in _holding(world, part):
        finish(world, request, world.clock.now())


def fail_import(world: World, part: JobPart, text: str) -> None:
    """
    End the import of the part's file, for all languages and steps, or a source update with an error.

    Other files of the same ZIP are imported.
    """
    holding = _holding(world, part)
    for request in holding:
        for held in _parts(world, request):
            if held.file is part.file or request.action is not AsyncAction.IMPORT_JOB:
                held.fail_next[request.action] = text
        finish(world, request, world.clock.now())
    if not holding:
        imports.fail(part.file.parts, text)


def _holding(world: World, part: JobPart) -> list[AsyncRequest]:
    uids = {sibling.uid for sibling in part.job.parts}
    pending = [request for request in world.pending.values() if request.work.holds_jobs]
    return [request for request in pending if not uids.isdisjoint(request.job_uids)]


def _parts(world: World, request: AsyncRequest) -> list[JobPart]:
    return [part for uid in request.job_uids if (part := world.parts.get(uid))]
