"""Changes of jobs by users: status, due date, providers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists, transitions
from phrase_provider.simulator.tms.events import JobEvent, JobEventType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.entities import JobPart, JobStatus, ProviderReference
    from phrase_provider.simulator.tms.state import State


@dataclass(frozen=True)
class JobChange:
    """
    A change of jobs.

    :param status: ``None`` leaves it unchanged.
    :param due: epoch seconds or ``None``; applied where ``sets_due``.
    :param providers: applied where ``sets_providers``.
    """

    status: JobStatus | None = None
    due: float | None = None
    providers: list[ProviderReference] = field(default_factory=list)
    sets_due: bool = False
    sets_providers: bool = False

    def check(self, state: State, part: JobPart) -> None:
        """
        Check that the change can be made.

        :raises ApiError: 400 as :func:`.transitions.check`.
        """
        if self.status is not None and self.status is not part.status:
            transitions.check(state.settings, part, self.status)


def apply(state: State, parts: Sequence[JobPart], change: JobChange) -> None:
    """Apply a change to job parts and raise its events."""
    now = state.clock.now()
    if change.sets_due:
        moved = [part for part in parts if part.due != change.due]
        for part in moved:
            part.due = change.due
        state.events.publish(JobEvent(JobEventType.JOB_DUE_DATE_CHANGED, moved, now))
    if change.sets_providers:
        given = [part for part in parts if part.providers != change.providers]
        for part in given:
            part.providers = list(change.providers)
            part.plan += 1
            linguists.plan(state, part, now)
        state.events.publish(JobEvent(JobEventType.JOB_ASSIGNED, given, now))
    if change.status is not None:
        for part in parts:
            linguists.set_status(state, part, change.status, now)
