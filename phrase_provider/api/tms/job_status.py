"""The statuses of a job, and which of them answer a wait for another."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """REST vocabulary. Webhooks speak an older one, in which ``COMPLETED`` means ``DELIVERED``."""

    NEW = "NEW"
    EMAILED = "EMAILED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REJECTED = "REJECTED"
    COMPLETED = "COMPLETED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


#: The way of a job that nobody sends back, each status meeting a wait for those before it.
PROGRESS = (
    JobStatus.NEW,
    JobStatus.EMAILED,
    JobStatus.ACCEPTED,
    JobStatus.COMPLETED,
    JobStatus.DELIVERED,
)

#: People send work back every day: such a job goes on, and is never delivered meanwhile.
REWORK = frozenset({JobStatus.REJECTED, JobStatus.DECLINED})

#: No way leads on from here.
ENDED = frozenset({JobStatus.CANCELLED})


def meets(status: JobStatus, wanted: JobStatus) -> bool:
    """
    Tell whether a job in one status has reached another.

    :param status: where the job is.
    :param wanted: what is waited for; ``COMPLETED`` is met by ``DELIVERED`` too.
    """
    if wanted in PROGRESS and status in PROGRESS:
        return PROGRESS.index(status) >= PROGRESS.index(wanted)
    return status is wanted
