"""Async requests: start, finish, fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from phrase_provider.simulator.tms.async_actions import imports
from phrase_provider.simulator.tms.entities import AsyncAction, AsyncRequest
from phrase_provider.simulator.tms.events import AsyncRequestFinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.async_actions.base import AsyncTask
    from phrase_provider.simulator.tms.entities import JobPart, Project
    from phrase_provider.simulator.tms.state import State


def start(
    state: State, task: AsyncTask, project: Project | None, parts: Sequence[JobPart], callback: str | None
) -> AsyncRequest:
    """
    Start an async request.

    :param project: of the jobs; ``None`` when the task creates it.
    :param callback: URL to notify of the end.
    :return: the pending async request; its end is scheduled.
    """
    now = state.clock.now()
    request = AsyncRequest(
        id=str(state.ids.number("async")),
        task=task,
        created=now,
        created_by=state.user,
        project=project,
        job_uids=[part.uid for part in parts],
        callback_url=callback,
    )
    state.requests[request.id] = state.pending[request.id] = request
    bounds = getattr(state.settings, task.duration)
    state.schedule.add(now + state.duration(bounds, task.action, request.id), task.action, request.id)
    return request


def finish(state: State, request: AsyncRequest, at: float) -> None:
    """
    Run the task of a pending async request and raise its event.

    :param at: epoch seconds of simulated time.
    """
    # Only start() creates requests, and it only accepts tasks.
    task = cast("AsyncTask", request.task)
    failure = task.run(state, request, _parts(state, request), at)
    state.pending.pop(request.id, None)
    request.finished = at
    request.error_code, request.error_text = failure or (None, None)
    state.events.publish(AsyncRequestFinished(request, at, task.result))


def finish_import(state: State, part: JobPart) -> None:
    """Finish the import or source update for which the part waits, now."""
    for request in _holding(state, part):
        finish(state, request, state.clock.now())


def fail_import(state: State, part: JobPart, text: str) -> None:
    """
    Fail the import of the part's file, for all languages and steps, or its source update.

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
