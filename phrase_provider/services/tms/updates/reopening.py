"""Jobs reopened for a new source, and put back where that did not come."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus, parse_status
from phrase_provider.services.tms.job_statuses import JobReference, set_statuses
from phrase_provider.services.tms.updates.source_jobs import read_parts
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.api.tms.client import TmsClient


def reopen(
    client: TmsClient, project_uid: str, changes: Mapping[str, tuple[str, JobStatus]]
) -> dict[str, str]:
    """
    Set job parts to their new statuses, the first step before the later ones.

    Source: ``PATCH /api2/v3/jobs``, one call for each status and 100 parts.

    :param client: of the connection.
    :param project_uid: uid.
    :param changes: former and new status by uid.
    :return: why not, by uid of those that could not be set.
    """
    return _set(client, project_uid, {uid: new for uid, (_, new) in changes.items()})


def put_back(client: TmsClient, project_uid: str, reopened: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """
    Set reopened job parts to their former statuses; those that people have moved since are left alone.

    Source: ``POST …/jobs/search``, ``PATCH /api2/v3/jobs``.

    :param client: of the connection.
    :param project_uid: uid.
    :param reopened: former and new status by uid.
    :return: why not, by uid of those that could not be set.
    """
    if not reopened:
        return {}
    found = {part["uid"]: part.get("status") for part in read_parts(client, project_uid, list(reopened))}
    former = {
        uid: parse_status(before)
        for uid, (before, new) in reopened.items()
        if found.get(uid) == new != before
    }
    return _set(client, project_uid, former)


def _set(client: TmsClient, project_uid: str, statuses: Mapping[str, JobStatus]) -> dict[str, str]:
    by_status: defaultdict[JobStatus, list[JobReference]] = defaultdict(list)
    for uid, status in statuses.items():
        by_status[status].append(JobReference(project_uid, uid))
    # The first step is the one that becomes ACCEPTED: who has a later one sees it open before theirs.
    ordered = sorted(by_status, key=lambda status: status is not JobStatus.ACCEPTED)
    failed = [one for status in ordered for one in set_statuses(client, by_status[status], status)]
    return {
        one.job.job_uid: f"it is {printable(one.status or 'deleted', 20)}"
        + (f" ({one.reason})" if one.reason else "")
        for one in failed
    }
