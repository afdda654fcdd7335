"""Which files of a project are to get languages: all, or those of given jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.imports import import_facts
from phrase_provider.api.tms.job_parts import created_at, job_number, owner_of, target_lang_of
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.services.tms.file_jobs import FileJobs
from phrase_provider.services.tms.job_search import Part, path_of
from phrase_provider.services.tms.languages.clone_sources import FileLanguages
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.waiting.conditions import Logger


def all_files(client: TmsClient, project: ProjectDtoV1, target_langs: Sequence[str]) -> list[FileLanguages]:
    """
    List all files of a project.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs``, of the first workflow level.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    :param target_langs: Phrase codes that each is to have.
    """
    return [FileLanguages(path, tuple(target_langs)) for path in sorted(FileJobs(client, project).all())]


def files_of_jobs(
    client: TmsClient,
    project: ProjectDtoV1,
    job_uids: Sequence[str],
    target_langs: Sequence[str],
    log: Logger,
) -> list[FileLanguages]:
    """
    List the files that jobs were made from, each once.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    :param job_uids: uids of any of their parts.
    :param target_langs: Phrase codes that each is to have.
    :param log: gets a warning for each job that another of the same folder, name and language makes void.
    :raises PhraseNotFoundError: there is no such job in the project.
    """
    by_path: dict[str, list[Part]] = {}
    for part in client.jobs.get_many(project["uid"], job_uids):
        by_path.setdefault(path_of(part), []).append(part)
    langs = tuple(target_langs)
    return [FileLanguages(path, langs, _best(path, jobs, log)) for path, jobs in sorted(by_path.items())]


def _best(path: str, jobs: Iterable[Part], log: Logger) -> Part:
    """Return the job to clone: one that is imported and not cancelled where there is one, the newest."""
    ranked = sorted(jobs, key=_rank)
    for job in ranked[:-1]:
        if target_lang_of(job) == target_lang_of(ranked[-1]) and job_number(job) != job_number(ranked[-1]):
            log.warning(
                "%s has two of the given jobs in %s: %s is cloned, %s is not.",
                printable(path),
                target_lang_of(job),
                ranked[-1]["uid"],
                job["uid"],
            )
    return ranked[-1]


def _rank(job: Part) -> tuple[bool, bool, str, int]:
    is_imported = import_facts(job, owner_of(job))["import_state"] == "OK"
    is_open = job.get("status") != JobStatus.CANCELLED
    return is_imported, is_open, created_at(job), job_number(job)
