"""The search for the jobs of source files in a project, by folder, file name and language."""

from __future__ import annotations

import threading
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from phrase_provider.api.fields import text
from phrase_provider.api.tms.imports import import_facts
from phrase_provider.api.tms.job_parts import (
    created_at,
    folder_of,
    job_number,
    level_of,
    owner_of,
    target_lang_of,
)
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.services.tms.parallel import each_in_parallel
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPart, ProjectDtoV1
    from phrase_provider.files.sources import SourceFile

Part: TypeAlias = "JobPart"
AnyPart = TypeVar("AnyPart", bound="JobPart")
#: A job part for each language.
Parts: TypeAlias = "dict[str, JobPart]"

_OWNER = "a job of the project"


class JobSearch:
    """
    Finds jobs by folder, file name and language, which is all that Phrase shows of where a file came from.

    What one listing shows of all files is kept: whoever needs more than that, looks again. Files may be
    looked for in several threads.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    """

    def __init__(self, client: TmsClient, project: ProjectDtoV1) -> None:
        self._client = client
        self._project = project
        self._levels = workflow_levels(project)
        #: Parts listed so far, by file name (in whatever folder) and uid.
        self._listed: dict[str, dict[str, Part]] = {}
        #: So that an older listing never replaces a newer one.
        self._refreshing = threading.Lock()

    def list_names(self, sources: Iterable[SourceFile], *, refresh: bool = False) -> None:
        """
        List the jobs of several files at once: the whole project, or by name where that is less to ask.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, of the highest workflow level.

        :param sources: the files.
        :param refresh: ask Phrase again, also for names that were listed before.
        """
        names = {composed(source.name) for source in sources}
        if not refresh:
            names -= self._listed.keys()
        if not names:
            return
        first = self._client.jobs.get_page(self._project["uid"], self._levels[-1], 0)
        if first.total - 1 <= len(names):
            listed = _by_name(names, chain(first.items, self._later_pages(first.total)))
        else:
            listed = dict(each_in_parallel(self._in_any_form, sorted(names)))
        # All at once: a listing that breaks off says nothing of what is not there.
        self._listed |= listed

    def jobs_of(
        self, source: SourceFile, target_langs: Container[str], *, refresh: bool = False
    ) -> Sequence[Part]:
        """
        List the jobs of a file, the earliest first: of each the part of the highest workflow level.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param refresh: ask Phrase again, though it was listed before.
        """
        named = self._named(source, refresh=refresh)
        return one_per_job(
            part for part in named if target_lang_of(part) in target_langs and is_of(part, source)
        )

    def elsewhere(self, source: SourceFile, target_langs: Container[str]) -> list[Part]:
        """
        List the jobs of files that have the same name in another folder, as last listed.

        :param source: the file.
        :param target_langs: Phrase codes.
        """
        return [
            part
            for part in self._named(source)
            if target_lang_of(part) in target_langs and not is_of(part, source)
        ]

    def all_parts(self, job: Part) -> Sequence[Part]:
        """
        List the parts of a job, of all workflow levels.

        :param job: any of its parts.
        """
        listed = self._client.jobs.list(
            self._project["uid"],
            levels=self._levels,
            filename=job["filename"],
            target_lang=target_lang_of(job),
        )
        return [
            part for part in listed if job_number(part) == job_number(job) and path_of(part) == path_of(job)
        ]

    def highest(self, parts: Iterable[Part]) -> Parts:
        """Return, of the parts that one upload created, those of the highest workflow level."""
        return {target_lang_of(part): part for part in parts if level_of(part) == self._levels[-1]}

    def _named(self, source: SourceFile, *, refresh: bool = False) -> Iterable[Part]:
        name = composed(source.name)
        if name not in self._listed:
            self.list_names([source])
        elif refresh:
            with self._refreshing:
                # The filter compares exactly, and files are sent under their composed names.
                others = {uid: part for uid, part in self._listed[name].items() if part["filename"] != name}
                self._listed[name] = others | self._with_name(name)
        return self._listed[name].values()

    def _in_any_form(self, name: str) -> dict[str, Part]:
        return self._with_name(name) or self._decomposed(name)

    def _with_name(self, name: str) -> dict[str, Part]:
        parts = self._client.jobs.list(self._project["uid"], levels=self._levels[-1:], filename=name)
        return _by_name([composed(name)], parts)[composed(name)]

    def _decomposed(self, name: str) -> dict[str, Part]:
        """Return what others, or earlier versions of this package, have sent by the other form of a name."""
        other = unicodedata.normalize("NFD", name)
        return self._with_name(other) if other != name else {}

    def _later_pages(self, total: int) -> Iterator[Part]:
        def page(number: int) -> Sequence[Part]:
            return self._client.jobs.get_page(self._project["uid"], self._levels[-1], number).items

        for _, parts in each_in_parallel(page, range(1, total)):
            yield from parts


def _by_name(names: Iterable[str], parts: Iterable[Part]) -> dict[str, dict[str, Part]]:
    found: dict[str, dict[str, Part]] = {name: {} for name in names}
    for part in parts:
        name = composed(part.get("filename") or "")
        if name in found:
            found[name][text(part, "uid", _OWNER)] = part
    return found


def one_per_job(parts: Iterable[AnyPart]) -> Sequence[AnyPart]:
    """
    Return one part of each job and language, the earliest first; a split job has several.

    :param parts: of one workflow level and, by name and folder, of one file.
    """
    first: dict[tuple[str, int], AnyPart] = {}
    for part in sorted(parts, key=_age):
        first.setdefault((target_lang_of(part), job_number(part)), part)
    return list(first.values())


def failed(part: Part) -> bool:
    """Return whether the import of a job failed."""
    return import_facts(part, owner_of(part))["import_state"] == "ERROR"


def is_of(part: Part, source: SourceFile) -> bool:
    """Return whether a job part has the name and folder of a file, however their accents are composed."""
    return path_of(part) == composed(source.relative_path)


def path_of(part: Part) -> str:
    """Return folder and name of a job part's file, as ``folder/name`` in composed form (NFC)."""
    folder = folder_of(part).strip("/")
    name = part.get("filename") or ""
    return composed(f"{folder}/{name}" if folder else name)


def _age(part: Part) -> tuple[str, int]:
    # Dates have whole seconds; a project counts its jobs.
    return created_at(part), job_number(part)
