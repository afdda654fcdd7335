"""Sources that are new: their jobs are created, many at a time, and each file for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseError
from phrase_provider.files.sources import resolve_sources
from phrase_provider.services.tms.sync.cloned_sources import missing_langs
from phrase_provider.services.tms.sync.results import CREATED, Result, content_facts
from phrase_provider.services.tms.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.changes.source_changes import SourceChange
    from phrase_provider.services.tms.file_failures import CircuitBreaker
    from phrase_provider.services.tms.jobs import JobCreator, JobRow
    from phrase_provider.services.tms.sync.results import SyncResults
    from phrase_provider.waiting.conditions import Logger


class NewSources:
    """
    Creates the jobs of new sources in one project.

    :param creator: of the project.
    :param results: of the run; gets what becomes of each source.
    :param known_paths: paths below the base of all sources that are known.
    :param breaker: of the task.
    :param log: gets a warning for each file that failed.
    """

    def __init__(
        self,
        creator: JobCreator,
        results: SyncResults,
        known_paths: Collection[str],
        breaker: CircuitBreaker,
        log: Logger,
    ) -> None:
        self._creator = creator
        self._results = results
        self._known_paths = known_paths
        self._log = log
        self._breaker = breaker
        self._uploads: list[Uploads] = []

    def create(
        self, changes: Iterable[SourceChange], superseded: Mapping[str, Collection[str]] | None = None
    ) -> None:
        """
        Create the jobs that are missing; a file that fails holds no other back.

        Sends ``POST /api2/v1/projects/{projectUid}/jobs`` for each file.

        :param changes: of the sources; languages without a job are created.
        :param superseded: uids of jobs by relative path, which are to get new ones.
        :raises PhraseError: the jobs of the project could not be listed.
        """
        for target_langs, group in _by_languages(changes).items():
            self._upload(target_langs, self._opened(target_langs, group), superseded or {})

    def job_uids(self) -> list[str]:
        """Return the uids of the jobs that were created or found so far."""
        return [row["job_uid"] for uploads in self._uploads for row in uploads.made]

    def _opened(
        self, target_langs: Sequence[str], changes: Iterable[SourceChange]
    ) -> dict[SourceFile, SourceChange]:
        """Return the files as they are now; one that cannot be used any more has failed."""
        opened: dict[SourceFile, SourceChange] = {}
        for change in changes:
            item = {name: change[name] for name in ("path", "relative_path", "size")}
            try:
                opened[resolve_sources({**item, "targets": change["targets"]})[0]] = change
            except PhraseError as error:
                self._results.fail(change, target_langs, error)
        return opened

    def _upload(
        self,
        target_langs: Sequence[str],
        files: Mapping[SourceFile, SourceChange],
        superseded: Mapping[str, Collection[str]],
    ) -> None:
        uploads = Uploads(
            self._creator,
            list(files),
            target_langs,
            self._log,
            independent=True,
            superseded=superseded,
            breaker=self._breaker,
        )
        self._uploads.append(uploads)
        uploads.check(self._known_paths)
        for source, rows in uploads.create_all():
            self._results.add(files[source], self._created(files[source], source, rows))
        for source, error in uploads.failed.items():
            self._results.fail(files[source], target_langs, error)
        for source in uploads.left:
            self._results.leave(files[source], target_langs)

    def _created(self, change: SourceChange, source: SourceFile, rows: Iterable[JobRow]) -> Iterable[Result]:
        facts = content_facts(change, self._creator.checksum(source), source.size)
        for row in rows:
            yield Result(row["target_lang"], CREATED, row["project_uid"], row["job_uid"], facts)


def _by_languages(changes: Iterable[SourceChange]) -> dict[tuple[str, ...], list[SourceChange]]:
    """Return the sources by the languages that are to be created of them."""
    grouped: dict[tuple[str, ...], list[SourceChange]] = {}
    for change in changes:
        grouped.setdefault(tuple(missing_langs(change)), []).append(change)
    return grouped
