"""The jobs that the files of a project have in one language, listed in as few requests as there can be."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import target_lang_of
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.services.tms.job_search import Part, path_of
from phrase_provider.text import normal_forms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1


class FileJobs:
    """
    Lists the job parts of a project's files, one language and workflow level at a time.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    """

    def __init__(self, client: TmsClient, project: ProjectDtoV1) -> None:
        self._client = client
        self._project_uid = project["uid"]
        #: Workflow levels of the project, ascending.
        self.levels = workflow_levels(project)

    def in_language(self, target_lang: str, level: int, names: Collection[str]) -> dict[str, list[Part]]:
        """
        Return the job parts in a language by path, as :func:`path_of` writes it.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, by page, or by name where that is less to ask.

        :param target_lang: Phrase code.
        :param level: workflow level.
        :param names: of the files that matter, as Phrase shows them; others may be returned, too.
        """
        jobs = self._client.jobs
        first = jobs.get_page(self._project_uid, level, 0, target_lang=target_lang)
        if first.total - 1 <= len(names):
            listed = chain(first.items, self._later_pages(target_lang, level, first.total))
        else:
            named = (
                jobs.list(self._project_uid, levels=[level], filename=name, target_lang=target_lang)
                for name in _forms(names)
            )
            listed = chain.from_iterable(named)
        return _by_path(part for part in listed if target_lang_of(part) == target_lang)

    def all(self) -> dict[str, list[Part]]:
        """Return the job parts of the first workflow level by path, in all languages."""
        return _by_path(self._client.jobs.list(self._project_uid, levels=self.levels[:1]))

    def _later_pages(self, target_lang: str, level: int, total: int) -> Iterator[Part]:
        for number in range(1, total):
            page = self._client.jobs.get_page(self._project_uid, level, number, target_lang=target_lang)
            yield from page.items


def _forms(names: Iterable[str]) -> dict[str, None]:
    """Return names in both ways in which their accents may be composed: Phrase's filter compares exactly."""
    return dict.fromkeys(form for name in names for form in normal_forms(name))


def _by_path(parts: Iterable[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(path_of(part), []).append(part)
    return found
