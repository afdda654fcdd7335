"""The jobs that a task is given, by project, with what is known of their files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.job_uids import jobs_of

if TYPE_CHECKING:
    from phrase_provider.services.tms.job_uids import JobUids


@dataclass
class ProjectJobs:
    """
    Jobs of one project.

    :param uids: of any of their parts.
    :param filenames: of all of them; empty where one is not known.
    """

    uids: dict[str, None] = field(default_factory=dict)
    filenames: set[str] = field(default_factory=set)
    all_named: bool = True

    def add(self, job_uid: str, relative_path: object) -> None:
        """Add a job, with the path of its file where that is known."""
        self.uids[job_uid] = None
        if isinstance(relative_path, str) and relative_path:
            self.filenames.add(relative_path.rpartition("/")[2])
        else:
            self.all_named = False


def jobs_by_project(given: JobUids, project_uid: str | None) -> dict[str, ProjectJobs]:
    """
    Return the jobs that a task is given, by the uid of their project; rows without a job are left out.

    :param given: uids, rows with a ``job_uid``, the location of a job list (a text with ``/``), or several of
        these.
    :param project_uid: of uids, and of rows that name no project.
    :raises PhraseInputError: nobody tells the project of a job, or there is no such job list.
    """
    found: dict[str, ProjectJobs] = {}
    for row in jobs_of(given):
        job_uid, project = row.get("job_uid"), row.get("project_uid") or project_uid
        if not job_uid:
            continue
        if not project:
            raise PhraseInputError(
                f"Nothing tells the project of job {job_uid}",
                hint="Give project_uid, or rows with one.",
            )
        found.setdefault(str(project), ProjectJobs()).add(str(job_uid), row.get("relative_path"))
    return found
