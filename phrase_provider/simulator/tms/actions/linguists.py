"""
Linguists: how job parts move on by themselves and by command.

A part is accepted when its file is imported, the step before it is finished and somebody is assigned to it;
it is completed some time later. Nobody delivers without a command.
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
    Set the status of a part and schedule what follows; nothing happens when it already has the status.

    :param at: epoch seconds of simulated time.
    :param by: the user who sets it; by default the caller of the API.
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
        for following in overlapping_parts(part, part.level + 1):
            plan(state, following, at)


def plan(state: State, part: JobPart, at: float) -> None:
    """Schedule the next action of a linguist on the part, if there is one."""
    if not part.imported or not _is_staffed(state, part):
        return
    if _can_be_accepted(part):
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
    Carry out a scheduled action.

    :param kind: ``accept`` or ``complete``.
    """
    ACTS[kind](state, part, at)


def _accept(state: State, part: JobPart, at: float) -> None:
    if _can_be_accepted(part):
        set_status(state, part, JobStatus.ACCEPTED, at, _assignee(state, part))


def _complete(state: State, part: JobPart, at: float) -> None:
    if part.status is JobStatus.ACCEPTED:
        set_status(state, part, JobStatus.COMPLETED, at, _assignee(state, part))


ACTS: dict[str, Callable[[State, JobPart, float], None]] = {"accept": _accept, "complete": _complete}


def preceding_finished(part: JobPart) -> bool:
    """Return whether the step before is finished, for all segments of the part; true for the first step."""
    return all(before.status in FINISHED for before in overlapping_parts(part, part.level - 1))


def _is_staffed(state: State, part: JobPart) -> bool:
    """Return whether there is somebody who works on the part."""
    return bool(part.providers) or state.settings.unassigned_work_moves


def _can_be_accepted(part: JobPart) -> bool:
    """Return whether nobody has accepted the part although the step before is finished."""
    return part.status in _OPEN and preceding_finished(part)


def overlapping_parts(part: JobPart, level: int) -> list[JobPart]:
    """Return the parts of another step that hold the same segments."""
    return [other for other in part.job.parts if other.level == level and other.overlaps(part)]


def _assignee(state: State, part: JobPart) -> User:
    """Return the first user to whom the part is assigned, or the caller of the API when there is none."""
    users = (state.users.get(provider["id"]) for provider in part.providers if provider["type"] == "USER")
    return next((user for user in users if user), state.user)
