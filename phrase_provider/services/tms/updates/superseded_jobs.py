"""Jobs whose place a newer job of the same file and language has taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import DONE, ENDED, JobStatus
from phrase_provider.services.tms.job_statuses import JobReference, set_statuses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPart
    from phrase_provider.waiting.conditions import Logger


def not_superseded(jobs: Sequence[JobPart]) -> list[JobPart]:
    """
    Return the jobs without those that were cancelled when a newer one took their place.

    :param jobs: of one file and language, the earliest first.
    """
    return [job for job in jobs if job is jobs[-1] or job["status"] not in ENDED]


def cancel_open_parts(client: TmsClient, project_uid: str, parts: Iterable[JobPart], log: Logger) -> set[str]:
    """
    Cancel job parts that nobody needs any more; those that are done, or cancelled already, stay.

    Source: ``PATCH /api2/v3/jobs``.

    :param client: of the connection.
    :param project_uid: uid.
    :param parts: as they were listed last.
    :param log: gets a warning for each that could not be cancelled.
    :return: uids of the parts that are cancelled now.
    """
    statuses = {part["uid"]: part["status"] for part in parts}
    going_on = [
        JobReference(project_uid, uid) for uid, status in statuses.items() if status not in DONE | ENDED
    ]
    cancelled = {uid for uid, status in statuses.items() if status not in DONE}
    for left in set_statuses(client, going_on, JobStatus.CANCELLED):
        log.warning("Job %s could not be cancelled: it is %s. %s", left.job.job_uid, left.status, left.reason)
        cancelled.discard(left.job.job_uid)
    return cancelled
