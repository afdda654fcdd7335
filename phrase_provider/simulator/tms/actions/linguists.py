"""
What people do with job parts, by themselves and by hand.

A part is accepted when its file is imported and the step before it is finished; it is completed some time
later. Nobody delivers by himself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.entities import JobStatus, StatusChange
from phrase_provider.simulator.tms.events import JobEvent, JobEventType

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.tms.entities import JobPart, User
    from phrase_provider.simulator.tms.state import State

FINISHED = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED})
_OPEN = frozenset({JobStatus.NEW, JobStatus.EMAILED})


def set_status(state: State, part: JobPart, status: JobStatus, at: float, by: User | None = None) -> None:
    """
    Move a part, and plan what follows from it; nothing happens when it has the status already.

    :param at: epoch seconds of simulated time.
    :param by: who moves it; the caller of the API unless given.
    """
    if part.status is status:
        return
    part.plan += 1
    part.status = status
    part.changes.append(StatusChange(at, status, by or state.user))
    if status in FINISHED:
        part.translated = True
    state.events.publish(JobEvent(JobEventType.JOB_STATUS_CHANGED, [part], at))
    plan(state, part, at)
    if status in FINISHED:
        for following in _beside(part, part.level + 1):
            plan(state, following, at)


def plan(state: State, part: JobPart, at: float) -> None:
    """Schedule what somebody will do with the part, when it is somebody's turn."""
    if not part.imported:
        return
    if _waits_for_provider(part):
        kind, bounds = "accept", state.settings.accept_seconds
    elif part.status is JobStatus.ACCEPTED:
        kind, bounds = "complete", state.settings.complete_seconds
    else:
        return
    subject = (part.project.internal_id, part.job.inner_id, part.level, part.begin_index)
    delay = state.duration(bounds, kind, *subject)
    state.schedule.add(at + delay, kind, part.uid, part.plan)


def act(state: State, kind: str, part: JobPart, at: float) -> None:
    """
    Do what was planned.

    :param kind: ``accept`` or ``complete``.
    """
    ACTS[kind](state, part, at)


def _accept(state: State, part: JobPart, at: float) -> None:
    if _waits_for_provider(part):
        set_status(state, part, JobStatus.ACCEPTED, at, _worker(state, part))


def _complete(state: State, part: JobPart, at: float) -> None:
    if part.status is JobStatus.ACCEPTED:
        set_status(state, part, JobStatus.COMPLETED, at, _worker(state, part))


ACTS: dict[str, Callable[[State, JobPart, float], None]] = {"accept": _accept, "complete": _complete}


def preceding_finished(part: JobPart) -> bool:
    """Tell whether the step before is finished, for all segments of the part; it is before the first step."""
    return all(before.status in FINISHED for before in _beside(part, part.level - 1))


def _waits_for_provider(part: JobPart) -> bool:
    """Tell whether nobody has taken the part although the step before is finished."""
    return part.status in _OPEN and preceding_finished(part)


def _beside(part: JobPart, level: int) -> list[JobPart]:
    """Return the parts of another step that hold the same segments."""
    return [other for other in part.job.parts if other.level == level and other.overlaps(part)]


def _worker(state: State, part: JobPart) -> User:
    """Return the first user whom the part is assigned to; the caller of the API when there is none."""
    users = (state.users.get(provider["id"]) for provider in part.providers if provider["type"] == "USER")
    return next((user for user in users if user), state.user)
