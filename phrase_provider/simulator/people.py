"""
What people do with job parts, by themselves and by hand.

A part is accepted when its file is imported and the step before it is finished; it is completed some time
later. Nobody delivers by himself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator import notices
from phrase_provider.simulator.entities import JobStatus, StatusChange
from phrase_provider.simulator.events import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.entities import JobPart
    from phrase_provider.simulator.world import World

FINISHED = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED})
_OPEN = frozenset({JobStatus.NEW, JobStatus.EMAILED})


def set_status(world: World, part: JobPart, status: JobStatus, at: float) -> None:
    """
    Move a part by hand or by command, and plan what follows from it.

    :param at: epoch seconds of simulated time.
    """
    part.plan += 1
    part.status = status
    part.changes.append(StatusChange(at, status))
    if status in FINISHED:
        part.translated = True
    notices.job_event(world, WebhookEvent.JOB_STATUS_CHANGED, [part], at)
    plan(world, part, at)
    if status in FINISHED:
        for following in _same_slice(part, part.level + 1):
            plan(world, following, at)


def plan(world: World, part: JobPart, at: float) -> None:
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


def act(world: World, kind: str, part: JobPart, at: float) -> None:
    """
    Do what was planned.

    :param kind: ``accept`` or ``complete``.
    """
    _ACTS[kind](world, part, at)


def _accept(world: World, part: JobPart, at: float) -> None:
    if _waits_for_provider(part):
        set_status(world, part, JobStatus.ACCEPTED, at)


def _complete(world: World, part: JobPart, at: float) -> None:
    if part.status is JobStatus.ACCEPTED:
        set_status(world, part, JobStatus.COMPLETED, at)


_ACTS: dict[str, Callable[[World, JobPart, float], None]] = {"accept": _accept, "complete": _complete}


def _waits_for_provider(part: JobPart) -> bool:
    """Tell whether nobody has taken the part although the step before is finished."""
    return part.status in _OPEN and all(
        before.status in FINISHED for before in _same_slice(part, part.level - 1)
    )


def _same_slice(part: JobPart, level: int) -> list[JobPart]:
    return [other for other in part.job.parts if (other.level, other.slice) == (level, part.slice)]
