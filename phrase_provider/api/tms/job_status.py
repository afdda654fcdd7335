"""The statuses of a job, and which of them answer a wait for another."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Iterable


class JobStatus(StrEnum):
    """
    The statuses of a job, as the REST API writes them.

    Webhooks have older names, of which ``COMPLETED`` means ``DELIVERED``.
    """

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

#: Work that is there: it is never cancelled.
DONE = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED})


#: Work that is still to be done, or to be done again.
OPEN = tuple(status for status in JobStatus if status not in DONE | ENDED)


def meets(status: str, wanted: JobStatus) -> bool:
    """
    Return whether a job in one status has reached another.

    :param status: where the job is.
    :param wanted: what is waited for; ``COMPLETED`` is met by ``DELIVERED`` too.
    """
    if wanted in PROGRESS and status in PROGRESS:
        return PROGRESS.index(JobStatus(status)) >= PROGRESS.index(wanted)
    return status == wanted


def least_far(statuses: Iterable[str]) -> str:
    """
    Return the status of a job with several parts: that of the part which is least far.

    :param statuses: at least one; ended and sent back ones come before all others, then unknown ones.
    """
    order = [*sorted(ENDED), *sorted(REWORK), "", *PROGRESS]
    return min(statuses, key=lambda status: order.index(status if status in order else ""))


def parse_status(status: str) -> JobStatus:
    """
    Return the status that a person wrote.

    :param status: REST word, in any case.
    :raises PhraseInputError: there is no such status.
    """
    try:
        return JobStatus(str(status).upper())
    except ValueError as error:
        raise PhraseInputError(
            f"There is no job status {status!r}", hint=f"Use one of {', '.join(JobStatus)}."
        ) from error
