"""Statuses of many jobs, set 100 at a time and read again where Phrase does not confirm them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.tms.job_batches import MAX_JOBS, is_complete, reasons_of
from phrase_provider.api.tms.jobs import FEW
from phrase_provider.exceptions import PhraseNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_status import JobStatus
    from phrase_provider.api.tms.models import JobPart


class JobReference(NamedTuple):
    """
    A job part of any project.

    :param project_uid: uid.
    :param job_uid: uid of the part.
    """

    project_uid: str
    job_uid: str


class NotSet(NamedTuple):
    """
    A job part that did not take a status.

    :param job: the part.
    :param status: where it is; None: it does not exist.
    :param reason: what Phrase said of the parts of its call, for people; empty where it said nothing.
    """

    job: JobReference
    status: str | None
    reason: str


def set_statuses(client: TmsClient, jobs: Iterable[JobReference], status: JobStatus) -> list[NotSet]:
    """
    Set the status of jobs, as many as there are; nobody is mailed, and no other workflow step moves.

    Source: ``PATCH /api2/v3/jobs``, 100 jobs a call; where one was refused, the parts of that call are read
    again, since Phrase does not tell which.

    :param client: of the connection.
    :param jobs: parts of any projects.
    :param status: the new one.
    :return: those that have another status all the same.
    :raises PhraseError: a call failed as a whole; those before it took effect.
    """
    # By project, so that reading again needs few lists.
    ordered = sorted(dict.fromkeys(jobs))
    not_set: list[NotSet] = []
    for start in range(0, len(ordered), MAX_JOBS):
        batch = ordered[start : start + MAX_JOBS]
        result = client.job_batches.edit([job.job_uid for job in batch], status=status)
        if not is_complete(result, len(batch)):
            not_set += _others(client, batch, status, reasons_of(result))
    return not_set


def _others(
    client: TmsClient, jobs: Sequence[JobReference], wanted: JobStatus, reason: str
) -> Iterator[NotSet]:
    for project_uid, own in groupby(jobs, key=lambda job: job.project_uid):
        job_uids = [job.job_uid for job in own]
        for job_uid, status in _statuses(client, project_uid, job_uids).items():
            if status != wanted:
                yield NotSet(JobReference(project_uid, job_uid), status, reason)


def _statuses(client: TmsClient, project_uid: str, job_uids: Sequence[str]) -> dict[str, str | None]:
    """Return the status of each part; None for those that do not exist."""
    listed = _listed(client, project_uid) if len(job_uids) > FEW else {}
    parts = {uid: listed.get(uid) or client.jobs.find(project_uid, uid) for uid in job_uids}
    return {uid: part.get("status") if part else None for uid, part in parts.items()}


def _listed(client: TmsClient, project_uid: str) -> Mapping[str, JobPart]:
    try:
        return {part["uid"]: part for part in client.jobs.list(project_uid)}
    except PhraseNotFoundError:
        return {}
