"""Finding the jobs of a source file in a project."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from phrase_provider.api.tms.conditions import import_state
from phrase_provider.api.tms.jobs import job_number, level_of, workflow_levels

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.files.sources import SourceFile

Part = dict[str, Any]
#: A job part for each language.
Parts = dict[str, Part]


class JobSearch:
    """
    Finds jobs by folder, file name and language, which is all that Phrase shows of where a file came from.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    """

    def __init__(self, client: TmsClient, project: dict[str, Any]) -> None:
        self._client = client
        self._project = project
        self._levels = workflow_levels(project)

    def jobs_of(self, source: SourceFile, target_langs: Container[str]) -> Sequence[Part]:
        """
        List the jobs of a file, the earliest first: of each the part of the highest workflow level.

        :param source: the file.
        :param target_langs: Phrase codes.
        """
        return one_per_job(
            part
            for part in self._listed(source, self._levels[-1:])
            if part["targetLang"] in target_langs and _is_of(part, source)
        )

    def all_parts(self, source: SourceFile, job: Part) -> Sequence[Part]:
        """
        List the parts of a job, of all workflow levels.

        :param source: its file.
        :param job: any of its parts.
        """
        return [
            part
            for part in self._listed(source, self._levels)
            if part["targetLang"] == job["targetLang"]
            and job_number(part) == job_number(job)
            and _is_of(part, source)
        ]

    def highest(self, parts: Iterable[Part]) -> Parts:
        """Choose from the parts that one upload created those of the highest workflow level."""
        return {part["targetLang"]: part for part in parts if level_of(part) == self._levels[-1]}

    def _listed(self, source: SourceFile, levels: Iterable[int]) -> Iterable[Part]:
        # Phrase compares names exactly, and an accent may be composed otherwise there.
        filename = source.name if source.name.isascii() else None
        return self._client.jobs.list(self._project["uid"], levels=levels, filename=filename)


def one_per_job(parts: Iterable[Part]) -> Sequence[Part]:
    """
    Give one part of each job and language, the earliest first; a split job has several.

    :param parts: of one workflow level and, by name and folder, of one file.
    """
    first: dict[tuple[str, int], Part] = {}
    for part in sorted(parts, key=_age):
        first.setdefault((part["targetLang"], job_number(part)), part)
    return list(first.values())


def failed(part: Part) -> bool:
    """Tell whether the import of a job failed."""
    return import_state(part) == "ERROR"


def _age(part: Part) -> tuple[str, int]:
    # Dates have whole seconds; a project counts its jobs.
    return part.get("dateCreated") or "", job_number(part)


def _is_of(part: Part, source: SourceFile) -> bool:
    folder = (part.get("originalFileDirectory") or "").strip("/")
    return _same_name(part.get("filename") or "", source.name) and _same_name(folder, source.folder)


def _same_name(one: str, other: str) -> bool:
    # File systems disagree on how an accent is composed.
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
