"""Which job of a file is cloned into further languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.api.tms.imports import import_facts
from phrase_provider.api.tms.job_parts import created_at, job_of, owner_of, target_lang_of
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.api.tms.projects import target_langs_of
from phrase_provider.exceptions import (
    PhraseError,
    PhraseImportError,
    PhraseInputError,
    PhraseJobNotReadyError,
)
from phrase_provider.services.tms.job_search import Part, one_per_job
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.services.tms.file_jobs import FileJobs


@dataclass(frozen=True, slots=True)
class FileLanguages:
    """
    A file that a project has, and languages that it is to have, too.

    :param relative_path: folder and name in Phrase, as
        :func:`~phrase_provider.services.tms.job_search.path_of` writes them.
    :param target_langs: Phrase codes.
    :param job: any part of the job to clone; None: the newest of the file that can be cloned.
    """

    relative_path: str
    target_langs: tuple[str, ...]
    job: Part | None = None

    @property
    def name(self) -> str:
        """Name of the file, as Phrase shows it."""
        own = self.job.get("filename") if self.job else None
        return own or self.relative_path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class CloneSource:
    """
    A job to clone.

    :param part: of the first workflow level.
    :param other_uploads: when other uploads of a file with the same folder and name were made.
    """

    part: Part
    other_uploads: frozenset[str]


class CloneSources:
    """
    Finds for each file the job to clone, and why there is none.

    :param jobs: of the project.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    """

    def __init__(self, jobs: FileJobs, project: ProjectDtoV1) -> None:
        self._jobs = jobs
        self._project = project
        #: What was found so far, by path.
        self.found: dict[str, CloneSource] = {}
        #: Why a file has no job that can be cloned, by path.
        self.failed: dict[str, PhraseError] = {}

    def find(self, files: Sequence[FileLanguages]) -> None:
        """
        Find the jobs to clone, asking for one language after the other until each file has one.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``.

        :param files: with different paths.
        :raises PhraseError: the jobs could not be listed.
        """
        left = {file.relative_path: file for file in files}
        spare: dict[str, CloneSource] = {}
        for lang in self._languages(files):
            asked = [file for file in left.values() if _may_be_in(file, lang)]
            if not asked:
                continue
            listed = self._jobs.in_language(lang, self._jobs.levels[0], {file.name for file in asked})
            for file in asked:
                self._choose(file, listed.get(file.relative_path, []), left, spare)
        self.found |= {path: spare[path] for path in left if path in spare}
        missing = [path for path in left if path not in spare]
        self.failed = {path: self.failed.get(path) or _no_job(path) for path in missing}

    def _languages(self, files: Sequence[FileLanguages]) -> list[str]:
        """List the languages to ask for, those first that every file may have."""
        wanted = {lang for file in files for lang in file.target_langs}
        return sorted(target_langs_of(self._project), key=lambda lang: lang in wanted)

    def _choose(
        self,
        file: FileLanguages,
        listed: Sequence[Part],
        left: dict[str, FileLanguages],
        spare: dict[str, CloneSource],
    ) -> None:
        path = file.relative_path
        jobs = [job for job in one_per_job(listed) if file.job is None or job_of(job) == job_of(file.job)]
        usable = [job for job in jobs if _import_state(job) == "OK"]
        open_jobs = [job for job in usable if job.get("status") != JobStatus.CANCELLED]
        if open_jobs:
            self.found[path] = _source(open_jobs[-1], listed)
            del left[path]
        elif usable:
            # People may have cancelled one language only.
            spare[path] = _source(usable[-1], listed)
        elif jobs:
            self.failed[path] = _not_imported(path, jobs[-1])


def _may_be_in(file: FileLanguages, lang: str) -> bool:
    return file.job is None or target_lang_of(file.job) == lang


def _source(part: Part, listed: Iterable[Part]) -> CloneSource:
    others = {created_at(other) for other in listed} - {created_at(part)}
    return CloneSource(part, frozenset(others))


def _import_state(part: Part) -> str:
    return import_facts(part, owner_of(part))["import_state"]


def _not_imported(path: str, job: Part) -> PhraseError:
    name, uid = printable(path), job["uid"]
    if _import_state(job) == "RUNNING":
        return PhraseJobNotReadyError(
            f"{name} (job {uid}) is still being imported", hint="It can be cloned once it is imported."
        )
    return PhraseImportError(
        f"{name} (job {uid}) could not be imported, so there is nothing to clone",
        hint="Mend the file and upload it again, for all languages.",
    )


def _no_job(path: str) -> PhraseError:
    return PhraseInputError(
        f"{printable(path)} has no job in the project", hint="Upload the file; only a job can be cloned."
    )
