"""The parts of jobs in all workflow steps, listed in as few requests as there can be."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Self

from phrase_provider.api.fields import text
from phrase_provider.api.tms.imports import import_facts
from phrase_provider.api.tms.job_facts import facts_of
from phrase_provider.api.tms.job_parts import (
    is_assigned,
    job_number,
    job_of,
    level_of,
    owner_of,
    target_lang_of,
)
from phrase_provider.api.tms.jobs import FEW
from phrase_provider.text import composed
from phrase_provider.waiting.tms.job_texts import named_uid, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPart

#: Names a job, in all its workflow steps: file name, language, number and folder.
JobKey = tuple[object, ...]


class StepPart(NamedTuple):
    """
    A job part, as far as an assignment needs it.

    :param assigned: whether Phrase shows that somebody has it.
    :param name: file, language, step and uid, for people.
    """

    uid: str
    job: JobKey
    number: int
    level: int
    target_lang: str
    status: str
    import_state: str
    assigned: bool
    name: str

    @property
    def filename(self) -> str:
        """Name of the source file; empty where Phrase shows none."""
        return str(self.job[0] or "")

    @property
    def file(self) -> tuple[object, object]:
        """What names the source file: its name and folder."""
        return self.job[0], self.job[-1]

    @classmethod
    def of(cls, part: JobPart) -> Self:
        """
        Return what counts of a job part.

        :param part: as any read of Phrase shows it.
        :raises PhraseServerError: a field is missing or malformed; it is named.
        """
        facts, owner = facts_of(part, with_status=True), owner_of(part)
        return cls(
            uid=facts["uid"],
            job=job_of(part),
            number=job_number(part),
            level=level_of(part),
            target_lang=target_lang_of(part),
            status=text(part, "status", owner),
            import_state=import_facts(part, owner)["import_state"],
            assigned=is_assigned(part),
            name=f"{place_of(facts)}, {named_uid(facts)}",
        )


class StepParts:
    """
    Reads all parts of jobs of one project: those of every workflow step, and of every split.

    :param client: of the connection.
    :param project_uid: uid.
    :param levels: workflow levels of the project, ascending.
    """

    def __init__(self, client: TmsClient, project_uid: str, levels: Sequence[int]) -> None:
        self._client = client
        self._project_uid = project_uid
        self._levels = levels
        #: Of the list of a level, as last seen.
        self._pages = 0

    def read(self, job_uids: Collection[str] | None, filenames: Collection[str] = ()) -> dict[str, StepPart]:
        """
        Return all parts of jobs by uid; jobs that were deleted have none.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``: the whole list, or by name where that is less to
        ask; and its v1 with ``/{jobUid}`` for what no list shows, since absence from a page proves nothing.

        :param job_uids: uids of any of the parts; None: all jobs of the project.
        :param filenames: the names of all their files; empty where they are not known.
        """
        if job_uids is None:
            return {part.uid: part for part in map(StepPart.of, self._list(()))}
        wanted = set(job_uids)
        names = {composed(name) for name in filenames} or self._names_of(wanted)
        found = _of_jobs(self._list(names), wanted)
        for uid in wanted - found.keys():
            if part := self._client.jobs.find(self._project_uid, uid):
                found |= _of_jobs(chain([part], self._named(part.get("filename") or "")), {uid})
        return found | self._beside(found.values())

    def read_again(self, parts: Collection[StepPart]) -> dict[str, StepPart]:
        """
        Return parts, and what belongs to the same jobs, as they are now; deleted ones are left out.

        :param parts: as :meth:`read` returned them.
        """
        return self.read({part.uid for part in parts}, {part.filename for part in parts}) if parts else {}

    def _beside(self, found: Iterable[StepPart]) -> dict[str, StepPart]:
        """Return the parts of jobs that the list did not show in all steps: parts move between its pages."""
        levels: defaultdict[JobKey, set[int]] = defaultdict(set)
        for part in found:
            levels[part.job].add(part.level)
        lacking = {job for job, there in levels.items() if len(there) < len(self._levels)}
        # Steps that somebody deleted lack for good: they are not worth more requests than the list.
        if len(names := {str(job[0] or "") for job in lacking}) > max(FEW, self._pages):
            return {}
        listed = map(StepPart.of, chain.from_iterable(map(self._named, names)))
        return {part.uid: part for part in listed if part.job in lacking}

    def _list(self, names: Collection[str]) -> Iterator[JobPart]:
        """Yield at least the parts of files with these names; without any, all parts."""
        first = self._client.jobs.get_page(self._project_uid, self._levels[-1], 0)
        self._pages = first.total
        if names and len(names) < first.total:
            return chain.from_iterable(self._named(name) or self._decomposed(name) for name in names)
        lower = self._client.jobs.list(self._project_uid, levels=self._levels[:-1])
        return chain(first.items, self._later_pages(first.total), lower)

    def _later_pages(self, total: int) -> Iterator[JobPart]:
        for number in range(1, total):
            yield from self._client.jobs.get_page(self._project_uid, self._levels[-1], number).items

    def _named(self, name: str) -> list[JobPart]:
        return list(self._client.jobs.list(self._project_uid, levels=self._levels, filename=name))

    def _decomposed(self, name: str) -> list[JobPart]:
        """Return what others have sent by the other form of a name: the filter compares exactly."""
        other = unicodedata.normalize("NFD", name)
        return self._named(other) if other != name else []

    def _names_of(self, job_uids: Collection[str]) -> set[str]:
        """Return the file names of a few jobs; empty for many, which a list shows more cheaply."""
        few = job_uids if len(job_uids) <= FEW else ()
        parts = (self._client.jobs.find(self._project_uid, uid) for uid in few)
        return {part.get("filename") or "" for part in parts if part}


def _of_jobs(listed: Iterable[JobPart], job_uids: Collection[str]) -> dict[str, StepPart]:
    """Return those parts that belong to a job of which any part is asked for."""
    parts = {part.uid: part for part in map(StepPart.of, listed)}
    jobs = {part.job for uid, part in parts.items() if uid in job_uids}
    return {uid: part for uid, part in parts.items() if part.job in jobs}
