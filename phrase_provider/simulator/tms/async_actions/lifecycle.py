"""Async requests, from their start to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from phrase_provider.simulator.tms.async_actions import imports
from phrase_provider.simulator.tms.entities import AsyncAction, AsyncRequest
from phrase_provider.simulator.tms.events import AsyncRequestFinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.async_actions.base import Work
    from phrase_provider.simulator.tms.entities import JobPart, Project
    from phrase_provider.simulator.tms.state import State


def start(
    state: State, work: Work, project: Project | None, parts: Sequence[JobPart], callback: str | None
) -> AsyncRequest:
    """
    Begin an async request.

    :param project: that the work is done in; ``None`` when it is still to be made.
    :param callback: URL to tell of the end.
    :return: the async request, pending; its end is scheduled.
    """
    now = state.clock.now()
    request = AsyncRequest(
        id=str(state.ids.number("async")),
        task=work,
        created=now,
        created_by=state.user,
        project=project,
        job_uids=[part.uid for part in parts],
        callback_url=callback,
    )
    state.requests[request.id] = state.pending[request.id] = request
    bounds = getattr(state.settings, work.duration)
    state.schedule.add(now + state.duration(bounds, work.action, request.id), work.action, request.id)
    return request


def finish(state: State, request: AsyncRequest, at: float) -> None:
    """
    End a pending async request as its action ends.

    :param at: epoch seconds of simulated time.
    """
    # Only start() makes requests, and it takes nothing else.
    task = cast("Work", request.task)
    failure = task.end(state, request, _parts(state, request), at)
    state.pending.pop(request.id, None)
    request.finished = at
    request.error_code, request.error_text = failure or (None, None)
    state.events.publish(AsyncRequestFinished(request, at, task.result))


def finish_import(state: State, part: JobPart) -> None:
    """End what keeps the part from being ready, an import or a source update, now."""
    for request in _holding(state, part):
        finish(state, request, state.clock.now())


def fail_import(state: State, part: JobPart, text: str) -> None:
    """
    End the import of the part's file, for all languages and steps, or a source update with an error.

    Other files of the same ZIP are imported.
    """
    holding = _holding(state, part)
    for request in holding:
        for held in _parts(state, request):
            if held.file is part.file or request.action is not AsyncAction.IMPORT_JOB:
                held.fail_next[request.action] = text
        finish(state, request, state.clock.now())
    if not holding:
        imports.fail(part.file.parts, text)


def _holding(state: State, part: JobPart) -> list[AsyncRequest]:
    uids = {sibling.uid for sibling in part.job.parts}
    pending = [request for request in state.pending.values() if request.task.holds_jobs]
    return [request for request in pending if not uids.isdisjoint(request.job_uids)]


def _parts(state: State, request: AsyncRequest) -> list[JobPart]:
    return [part for uid in request.job_uids if (part := state.parts.get(uid))]
