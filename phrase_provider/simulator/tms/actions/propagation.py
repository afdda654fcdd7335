"""
Propagation of a job's status to the neighbouring workflow steps.

The specification says of ``propagateStatus`` no more than "Controls both job status and email notifications
to previous/next provider"; which status the neighbours get is this simulator's choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists, mails
from phrase_provider.simulator.tms.entities import JobStatus, MailOccasion

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.state import State

_NEXT = {JobStatus.NEW: JobStatus.EMAILED}
"""What a finished step makes of the next one, if it has providers: they know that they can begin."""
_PREVIOUS = {
    JobStatus.DELIVERED: {JobStatus.COMPLETED: JobStatus.DELIVERED},
    JobStatus.REJECTED: {JobStatus.COMPLETED: JobStatus.REJECTED, JobStatus.DELIVERED: JobStatus.REJECTED},
}
"""What a step makes of the previous one, by its own new status."""


def propagate(state: State, part: JobPart) -> None:
    """Change the neighbours of a part as its status demands, and mail the providers of those that change."""
    if part.status in linguists.FINISHED:
        _change(state, part, part.level + 1, _NEXT)
    _change(state, part, part.level - 1, _PREVIOUS.get(part.status, {}))


def _change(state: State, part: JobPart, level: int, statuses: dict[JobStatus, JobStatus]) -> None:
    for neighbour in linguists.overlapping_parts(part, level):
        status = statuses.get(neighbour.status)
        if status and (neighbour.providers or status is not JobStatus.EMAILED):
            linguists.set_status(state, neighbour, status, state.clock.now())
            mails.send(state, MailOccasion.STATUS_PROPAGATED, neighbour, neighbour.providers)
