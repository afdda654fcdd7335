"""The jobs of one source file with all their parts, by language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.api.tms.job_parts import job_of, level_of
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import (
        JobPartExtendedDtoV1,
        JobPartReferenceV2,
        ProjectDtoV1,
    )

K = TypeVar("K")

#: What a look at a source update needs.
_NEEDED = frozenset({"status", "importStatus", "updateSourceDate"})


@dataclass(frozen=True, slots=True)
class SourceJob:
    """
    The job of a file in one language.

    :param target_lang: Phrase code.
    :param job_uid: uid of the part by which the job is known: that of the highest workflow level.
    :param parts: one for each workflow level, ascending; none: it does not exist.
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

        Source: ``GET /api2/v2/projects/{projectUid}/jobs`` for each workflow level, by file name, as far as
        is needed; of jobs that a person has renamed ``GET …/jobs/{jobUid}``, too.

        :param filename: of the file.
        :param job_uids: uid of the part of the highest workflow level of each job, by Phrase code.
        """
        highest = self._highest(filename, job_uids)
        parts: dict[str, list[JobPartReferenceV2]] = {}
        for name in dict.fromkeys(part.get("filename") or "" for part in highest.values()):
            named = {uid: part for uid, part in highest.items() if part.get("filename") == name}
            for uid, found in self._with_earlier_levels(name, named).items():
                parts[uid] = sorted(found, key=level_of)
        return [SourceJob(lang, uid, parts.get(uid, ())) for lang, uid in job_uids.items()]

    def _highest(self, filename: str, job_uids: Mapping[str, str]) -> dict[str, JobPartReferenceV2]:
        """Return the parts that are known by their uids; those that do not exist are missing."""
        wanted = set(job_uids.values())
        found = self._first_of(composed(filename), self._levels[-1], wanted, lambda part: part.get("uid"))
        for lang, uid in job_uids.items():
            renamed = None if uid in found else self._client.jobs.find(self._project["uid"], uid)
            if renamed is None:
                continue
            # Only the list of the project shows all that the rules need.
            name = renamed.get("filename") or ""
            found |= self._first_of(name, level_of(renamed), {uid}, lambda part: part.get("uid"), lang)
        return {str(uid): part for uid, part in found.items()}

    def _with_earlier_levels(
        self, filename: str, highest: Mapping[str, JobPartReferenceV2]
    ) -> dict[str, list[JobPartReferenceV2]]:
        """Return the parts of jobs by the uid of that of the highest level."""
        parts = {uid: [part] for uid, part in highest.items()}
        of_job = {job_of(part): uid for uid, part in highest.items()}
        for level in self._levels[:-1]:
            for job, part in self._first_of(filename, level, set(of_job), job_of).items():
                parts[of_job[job]].append(part)
        return parts

    def _first_of(
        self,
        filename: str,
        level: int,
        wanted: set[K],
        key_of: Callable[[JobPartReferenceV2], K | None],
        target_lang: str | None = None,
    ) -> dict[K, JobPartReferenceV2]:
        """Return a part for each wanted key; the list is read until all are found: names may be common."""
        found: dict[K, JobPartReferenceV2] = {}
        listed = self._client.jobs.list(
            self._project["uid"], levels=[level], filename=filename, target_lang=target_lang
        )
        for part in listed:
            key = key_of(part)
            if key is not None and key in wanted:
                found.setdefault(key, part)
            if len(found) == len(wanted):
                break
        return found


def read_parts(client: TmsClient, project_uid: str, job_uids: Sequence[str]) -> list[JobPartExtendedDtoV1]:
    """
    Return some job parts as they are now, few requests for many; those that do not exist are missing.

    Source: ``POST …/jobs/search``, which gives "a subset" of what ``GET …/jobs/{jobUid}`` does: a part of
    which it does not tell all that source updates need is read alone.

    :param client: of the connection.
    :param project_uid: uid.
    :param job_uids: uids of the parts.
    """
    found = client.jobs.search(project_uid, job_uids)
    whole = (part if part.keys() >= _NEEDED else client.jobs.find(project_uid, part["uid"]) for part in found)
    return [part for part in whole if part is not None]
