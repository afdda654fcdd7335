"""Sources that are in Phrase and wanted in more languages: their jobs are cloned, without an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.languages.clone_sources import FileLanguages
from phrase_provider.services.tms.languages.language_additions import LanguageAdditions
from phrase_provider.services.tms.sync.results import CLONED, UPDATED, Result, content_facts
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.services.tms.changes.source_changes import KnownJob, SourceChange
    from phrase_provider.services.tms.languages.language_additions import AddedLanguages
    from phrase_provider.services.tms.sync.results import SyncResults
    from phrase_provider.waiting.conditions import Logger


class ClonedSources:
    """
    Clones the jobs of sources into the languages that they lack, in the projects where their jobs are.

    :param client: of the connection.
    :param known: the lines of the manifest.
    :param ledger: of the task.
    :param results: of the run; gets what becomes of each source.
    :param log: gets lines on what is cloned.
    """

    def __init__(
        self,
        client: TmsClient,
        known: Mapping[ManifestKey, ManifestLine],
        ledger: Ledger,
        results: SyncResults,
        log: Logger,
    ) -> None:
        self._client = client
        self._known = known
        self._ledger = ledger
        self._results = results
        self._log = log
        self._updated: set[tuple[str, str]] = set()

    def clone(self, changes: Iterable[SourceChange]) -> list[SourceChange]:
        """
        Clone what is missing; a source that fails holds no other back.

        Sends ``POST …/targetLangs`` and ``POST …/jobs/clone``.

        :param changes: of the sources.
        :return: those that have no job with their content, or an archived project: they need an upload.
        :raises PhraseError: the jobs of a project could not be listed.
        """
        self._updated = self._results.keys_of(UPDATED)
        by_project: dict[str, list[SourceChange]] = {}
        to_upload = []
        for change in changes:
            jobs = self._jobs_with_content(change)
            if jobs:
                by_project.setdefault(jobs[0]["project_uid"], []).append(change)
            else:
                to_upload.append(change)
        for project_uid, group in by_project.items():
            to_upload += self._clone_in(project_uid, group)
        return to_upload

    def _jobs_with_content(self, change: SourceChange) -> list[KnownJob]:
        """List the jobs that were made from the content that a source has now."""
        path = change["relative_path"]
        known = {lang: self._known.get(ManifestKey(composed(path), lang)) for lang in change["jobs"]}
        return [
            change["jobs"][lang]
            for lang, line in known.items()
            if (path, lang) in self._updated or (line and line["sha256"] == change["sha256"])
        ]

    def _clone_in(self, project_uid: str, changes: Sequence[SourceChange]) -> list[SourceChange]:
        project = self._client.projects.get(project_uid)
        if project.get("archived"):
            return list(changes)
        files = [self._file(project_uid, change) for change in changes]
        added = LanguageAdditions(self._client, project, self._ledger, self._log).add(files)
        for change in changes:
            self._keep(project_uid, change, added)
        return []

    def _file(self, project_uid: str, change: SourceChange) -> FileLanguages:
        jobs = self._jobs_with_content(change)
        # Where jobs differ in content, it has to be one of these.
        one = (
            None
            if len(jobs) == len(change["jobs"])
            else self._client.jobs.get(project_uid, jobs[0]["job_uid"])
        )
        return FileLanguages(composed(change["relative_path"]), tuple(missing_langs(change)), one)

    def _keep(self, project_uid: str, change: SourceChange, added: AddedLanguages) -> None:
        path = composed(change["relative_path"])
        self._results.add(change, _cloned(project_uid, path, change, added))
        if lacking := [lang for lang in missing_langs(change) if (path, lang) not in added.jobs]:
            self._results.fail(change, lacking, added.failed[path])


def missing_langs(change: SourceChange) -> list[str]:
    """Return the languages in which a source is to have a job and has none."""
    return [lang for lang in change["target_langs"] if lang not in change["jobs"]]


def _cloned(project_uid: str, path: str, change: SourceChange, added: AddedLanguages) -> Iterator[Result]:
    facts = content_facts(change, change["sha256"], change["size"])
    for lang in missing_langs(change):
        if part := added.jobs.get((path, lang)):
            yield Result(lang, CLONED, project_uid, part["uid"], facts)
