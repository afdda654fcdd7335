"""Transitions between job statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.entities import JobStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.core.settings import Settings
    from phrase_provider.simulator.tms.entities import JobPart

NEXT: dict[JobStatus, tuple[JobStatus, ...]] = {
    JobStatus.NEW: (JobStatus.ACCEPTED, JobStatus.COMPLETED, JobStatus.DECLINED, JobStatus.CANCELLED),
    JobStatus.EMAILED: (JobStatus.ACCEPTED, JobStatus.COMPLETED, JobStatus.DECLINED, JobStatus.CANCELLED),
    JobStatus.ACCEPTED: (JobStatus.COMPLETED, JobStatus.DECLINED, JobStatus.CANCELLED),
    JobStatus.DECLINED: (JobStatus.ACCEPTED, JobStatus.CANCELLED),
    JobStatus.REJECTED: (JobStatus.ACCEPTED, JobStatus.COMPLETED, JobStatus.CANCELLED),
    JobStatus.COMPLETED: (JobStatus.DELIVERED, JobStatus.REJECTED, JobStatus.CANCELLED),
    JobStatus.DELIVERED: (JobStatus.REJECTED,),
    JobStatus.CANCELLED: (JobStatus.ACCEPTED,),
}
"""The usual transitions, the likeliest first; Phrase documents none."""


def check(settings: Settings, part: JobPart, status: JobStatus) -> None:
    """
    Check that the part can take a status.

    :raises ApiError: 400 while the part is not imported and, with ``strict_transitions``, for a transition
        that is not in :data:`NEXT`.
    """
    require_imported(part)
    if settings.strict_transitions and status is not part.status and status not in NEXT[part.status]:
        raise bad_request(f"Job {part.uid} is {part.status} and cannot become {status}.")
