"""The jobs of a project that are complete, whoever made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import is_split
from phrase_provider.api.tms.job_status import JobStatus, meets
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.services.tms.job_search import one_per_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPart, JobPartReferenceV2, ProjectDtoV1


def completed_jobs(client: TmsClient, project: ProjectDtoV1) -> Iterator[JobPartReferenceV2]:
    """
    Yield the jobs that are ``COMPLETED`` in the highest workflow level, and not delivered yet.

    Of a split job one part stands for all, once none of them is open. A project that is gone has none.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs``, filtered by status; the parts of split jobs are read.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    """
    highest = workflow_levels(project)[-1:]
    try:
        listed = list(client.jobs.list(project["uid"], levels=highest, statuses=[JobStatus.COMPLETED]))
    except PhraseNotFoundError:
        # Somebody has deleted it meanwhile.
        return
    for job in one_per_job(listed):
        if not is_split(job) or _is_whole(client, project, job):
            yield job


def _is_whole(client: TmsClient, project: ProjectDtoV1, job: JobPart) -> bool:
    parts = client.jobs.get_many(project["uid"], [job["uid"]], with_split_parts=True)
    return all(meets(part.get("status") or "", JobStatus.COMPLETED) for part in parts)
