"""The jobs of one source file with all their parts, by language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import job_of, level_of, target_lang_of
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPart, JobPartReferenceV2, ProjectDtoV1


@dataclass(frozen=True, slots=True)
class SourceJob:
    """
    The job of a file in one language.

    :param target_lang: Phrase code.
    :param job_uid: uid of the part by which the job is known: that of the highest workflow level.
    :param parts: of all workflow levels, ascending; several of one level if it is split; none: it does not
        exist.
    """

    target_lang: str
    job_uid: str
    parts: Sequence[JobPartReferenceV2] = field(default=(), repr=False)

    @property
    def first(self) -> JobPartReferenceV2:
        """The part of the first workflow step, of which a source update is sent."""
        return self.parts[0]

    @property
    def later(self) -> Sequence[JobPartReferenceV2]:
        """The parts of the later workflow steps."""
        return [part for part in self.parts if level_of(part) > level_of(self.first)]


class SourceJobs:
    """
    Finds the jobs of files in one project.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    """

    def __init__(self, client: TmsClient, project: ProjectDtoV1) -> None:
        self._client = client
        self._project = project
        self._levels = workflow_levels(project)

    def find(self, filename: str, job_uids: Mapping[str, str]) -> list[SourceJob]:
        """
        Return the jobs of a file as they are now.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs`` for each workflow level, by file name; of those
        that a person has renamed ``GET …/jobs/{jobUid}``, too.

        :param filename: of the file.
        :param job_uids: uid of any part of each job, by Phrase code.
        """
        listed = self._list(composed(filename))
        return [self._job(lang, uid, listed) for lang, uid in job_uids.items()]

    def _job(self, target_lang: str, job_uid: str, listed: Sequence[JobPartReferenceV2]) -> SourceJob:
        own: JobPart | None = next((part for part in listed if part.get("uid") == job_uid), None)
        if own is None and (own := self._client.jobs.find(self._project["uid"], job_uid)) is not None:
            listed = self._list(own.get("filename") or "", target_lang_of(own))
        if own is None:
            return SourceJob(target_lang, job_uid)
        parts = [part for part in listed if job_of(part) == job_of(own)]
        return SourceJob(target_lang, job_uid, sorted(parts, key=level_of))

    def _list(self, filename: str, target_lang: str | None = None) -> list[JobPartReferenceV2]:
        return list(
            self._client.jobs.list(
                self._project["uid"], levels=self._levels, filename=filename, target_lang=target_lang
            )
        )
