"""Async requests, from their start to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator import notices
from phrase_provider.simulator.entities import AsyncRequest
from phrase_provider.simulator.work import imports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.entities import JobPart, Project
    from phrase_provider.simulator.work.base import Failure, Work
    from phrase_provider.simulator.world import World


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
    parts = [part for uid in request.job_uids if (part := world.parts.get(uid))]
    _close(world, request, at, request.work.end(world, request, parts, at))


def finish_import(world: World, part: JobPart) -> None:
    """End a pending import of the part's file now."""
    for request in _imports(world, part):
        finish(world, request, world.clock.now())


def fail_import(world: World, part: JobPart, text: str) -> None:
    """End the import of the part's file, for all its languages and steps, with an error."""
    failure = imports.fail(part.file.parts, text)
    for request in _imports(world, part):
        _close(world, request, world.clock.now(), failure)


def _imports(world: World, part: JobPart) -> list[AsyncRequest]:
    uids = {sibling.uid for sibling in part.file.parts}
    pending = [request for request in world.pending.values() if isinstance(request.work, imports.ImportJob)]
    return [request for request in pending if not uids.isdisjoint(request.job_uids)]


def _close(world: World, request: AsyncRequest, at: float, failure: Failure) -> None:
    world.pending.pop(request.id, None)
    request.finished = at
    request.error_code, request.error_text = failure or (None, None)
    notices.request_ended(world, request, at, request.work.details(world))
