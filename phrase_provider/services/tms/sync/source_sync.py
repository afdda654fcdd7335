"""Bringing Phrase to what a run's list of changes says, each source for itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseError, PhraseInputError, PhraseSourceChangedError
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.states import ENDED
from phrase_provider.services.tms.bases import require_base
from phrase_provider.services.tms.changes.source_changes import REPORT
from phrase_provider.services.tms.file_failures import CircuitBreaker
from phrase_provider.services.tms.job_upload import JobOptions
from phrase_provider.services.tms.jobs import JobCreator
from phrase_provider.services.tms.languages.target_languages import add_target_langs
from phrase_provider.services.tms.sync.changed_sources import (
    ChangedSources,
    in_languages,
    updated_langs,
)
from phrase_provider.services.tms.sync.cloned_sources import ClonedSources, missing_langs
from phrase_provider.services.tms.sync.deleted_sources import DeletedSources, cancel_open
from phrase_provider.services.tms.sync.new_sources import NewSources
from phrase_provider.services.tms.sync.results import ADOPTED, CREATED, Result, SyncResults
from phrase_provider.services.tms.updates.on_change import OnChange
from phrase_provider.services.tms.updates.source_updates import SourceUpdates, UpdateOptions
from phrase_provider.services.tms.updates.update_records import records_beside
from phrase_provider.text import composed, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.manifest.lines import ManifestFacts, ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.changes.source_changes import ChangeKind, KnownJob, SourceChange
    from phrase_provider.waiting.conditions import Logger


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """
    How a run treats its changes.

    :param jobs: of those that are created.
    :param updates: of those that get a new source.
    :param on_change: what is done about changed sources.
    :param on_delete: what is done about sources that are gone, one of
        :data:`~phrase_provider.services.tms.changes.source_changes.ON_DELETE`.
    """

    jobs: JobOptions = field(default_factory=JobOptions)
    updates: UpdateOptions = field(default_factory=UpdateOptions)
    on_change: OnChange = OnChange.UPDATE
    on_delete: str = REPORT


class SourceSync:
    """
    Creates, updates, clones, takes over and cancels what a run's list of changes names.

    :param client: of the connection.
    :param changes: of the run.
    :param manifest: of the content.
    :param run: names the run in the manifest.
    :param options: the same for all sources.
    :param ledger: of the task.
    :param log: gets lines on what is done.
    """

    def __init__(
        self,
        client: TmsClient,
        changes: Iterable[SourceChange],
        manifest: Manifest,
        run: str,
        options: SyncOptions,
        ledger: Ledger,
        log: Logger,
    ) -> None:
        self._client = client
        self._changes = list(changes)
        self._options = options
        self._ledger = ledger
        self._log = log
        self._records = records_beside(manifest)
        lines = manifest.read()
        self._known_paths = frozenset(key.source for key in lines)
        # Not all of them: a site has as many lines as files times languages.
        self._known = {key: lines[key] for key in map_keys(self._changes) if key in lines}
        self._breaker = CircuitBreaker()
        self._new: NewSources | None = None
        self.results = SyncResults(manifest, run, self._known)

    def run(self, project_uid: str | None) -> SyncResults:
        """
        Do all of it, and return what became of each source.

        :param project_uid: of the project in which jobs are created; None: there is none.
        :return: of each source also why it failed, where something did that concerns several of them.
        """
        changed = self._changed_sources()
        try:
            self._adopt()
            self._attempt(self._of_kind("deleted"), self._delete)
            updated = self._options.on_change is OnChange.UPDATE
            changed.put_back_abandoned(self._of_kind("changed") if updated else [])
            replaced = self._attempt(self._of_kind("changed"), partial(self._update, changed))
            uncloned = self._attempt(self._to_clone(), self._clone)
            superseded = _jobs_of(replaced, self._changes)
            create = partial(self._create, project_uid, superseded)
            self._attempt([*replaced, *uncloned, *self._of_kind("new")], create)
        finally:
            self.results.flush()
        changed.settle()
        return self.results

    def stop(self) -> None:
        """Send nothing new from now on; what is under way goes on to its end."""
        self._breaker.open()

    def created_job_uids(self) -> list[str]:
        """Return the uids of the jobs of new sources that were created or found so far."""
        return self._new.job_uids() if self._new else []

    def _of_kind(self, kind: ChangeKind) -> list[SourceChange]:
        return [change for change in self._changes if change["kind"] == kind]

    def _adopt(self) -> None:
        for change in self._changes:
            self.results.add(change, _adopted(change, self._known))

    def _attempt(
        self,
        changes: Sequence[SourceChange],
        do: Callable[[Sequence[SourceChange]], list[SourceChange]],
    ) -> list[SourceChange]:
        """Do something about sources; what fails for several of them holds back nothing else."""
        if not changes:
            return []
        if self._breaker.is_open:
            self.results.leave_rest(changes)
            return []
        try:
            return do(changes)
        except PhraseError as error:
            self._breaker.failed(error)
            self.results.fail_rest(changes, error)
            return []

    def _delete(self, changes: Sequence[SourceChange]) -> list[SourceChange]:
        deleted = DeletedSources(self._client, self._options.on_delete, self._known, self.results, self._log)
        deleted.handle(changes)
        return []

    def _changed_sources(self) -> ChangedSources:
        updates = SourceUpdates(self._client, self._records, self._log, self._options.updates)
        return ChangedSources(updates, self._known, self.results, self._breaker)

    def _update(self, changed: ChangedSources, changes: Sequence[SourceChange]) -> list[SourceChange]:
        """Update jobs, and return the sources that need new ones, in the languages that do."""
        if self._options.on_change is OnChange.UPDATE:
            return changed.update(changes)
        if self._options.on_change is OnChange.NEW_JOB:
            return [in_languages(change, change["target_langs"]) for change in changes]
        for change in changes:
            self.results.fail(change, updated_langs(change), _has_changed(change))
        return []

    def _to_clone(self) -> list[SourceChange]:
        changes = self._of_kind("languages")
        if self._options.on_change is OnChange.UPDATE:
            changes += [change for change in self._of_kind("changed") if missing_langs(change)]
        return changes

    def _clone(self, changes: Sequence[SourceChange]) -> list[SourceChange]:
        """Clone jobs, and return the sources that have none to clone."""
        cloned = ClonedSources(self._client, self._known, self._ledger, self.results, self._log)
        return cloned.clone(changes)

    def _create(
        self,
        project_uid: str | None,
        superseded: Mapping[str, Mapping[str, KnownJob]],
        changes: Sequence[SourceChange],
    ) -> list[SourceChange]:
        creator = JobCreator(
            self._client,
            self._project(project_uid, changes),
            self._options.jobs,
            self._ledger,
            self._log,
            base_is_given=True,
        )
        self._new = NewSources(creator, self.results, self._known_paths, self._breaker, self._log)
        uids = {path: [job["job_uid"] for job in jobs.values()] for path, jobs in superseded.items()}
        for change in changes:
            # That ended, such as those of a source that was deleted and came back.
            if ended := self._ended_jobs(change):
                uids.setdefault(change["relative_path"], []).extend(ended)
        self._new.create(changes, uids)
        self._cancel(superseded)
        return []

    def _ended_jobs(self, change: SourceChange) -> list[str]:
        """Return the jobs that have ended without a translation, in languages that are to be created."""
        keys = (ManifestKey(composed(change["relative_path"]), lang) for lang in missing_langs(change))
        lines = (self._known[key] for key in keys if key in self._known)
        return [str(line.get("job_uid")) for line in lines if line.get("status") in ENDED]

    def _cancel(self, superseded: Mapping[str, Mapping[str, KnownJob]]) -> None:
        """Cancel the unfinished jobs in whose place there are new ones."""
        created = self.results.keys_of(CREATED)
        jobs: dict[str, list[str]] = {}
        for path, by_lang in superseded.items():
            for lang, job in by_lang.items():
                if (path, lang) in created:
                    jobs.setdefault(job["project_uid"], []).append(job["job_uid"])
        cancel_open(self._client, jobs, self._log)

    def _project(self, project_uid: str | None, changes: Sequence[SourceChange]) -> ProjectDtoV1:
        """Return the project for new jobs, with all languages that they need."""
        if not project_uid:
            raise PhraseInputError(
                f"{len(changes)} sources need new jobs, and there is no project for them",
                hint="Give project_uid to this task: that of the task that creates the project of the batch.",
            )
        project = self._client.projects.get(project_uid)
        for base in dict.fromkeys(change["base"] for change in changes):
            require_base(project, base)
        langs = dict.fromkeys(lang for change in changes for lang in missing_langs(change))
        add_target_langs(self._client, project, list(langs), self._ledger, self._log)
        return project


def map_keys(changes: Iterable[SourceChange]) -> Iterator[ManifestKey]:
    """Yield the keys of all languages that changes have to do with."""
    for change in changes:
        for lang in {*change["target_langs"], *change["open_langs"], *change["jobs"]}:
            yield ManifestKey(composed(change["relative_path"]), lang)


def _jobs_of(
    replaced: Iterable[SourceChange], changes: Iterable[SourceChange]
) -> dict[str, dict[str, KnownJob]]:
    """Return the jobs by relative path and language in whose place there are to be new ones."""
    before = {change["relative_path"]: change["jobs"] for change in changes}
    superseded: dict[str, dict[str, KnownJob]] = {}
    for change in replaced:
        jobs = before[change["relative_path"]]
        superseded[change["relative_path"]] = {
            lang: jobs[lang] for lang in change["target_langs"] if lang in jobs
        }
    return superseded


def _has_changed(change: SourceChange) -> PhraseError:
    return PhraseSourceChangedError(
        f"{printable(change['relative_path'])} has changed since Phrase got it",
        hint="Nothing was sent. Set on_change to update or new_job.",
    ).mark_sent(False)


def _adopted(change: SourceChange, known: Mapping[ManifestKey, ManifestLine]) -> Iterator[Result]:
    for lang in change["open_langs"]:
        job = change["jobs"][lang]
        line = known.get(ManifestKey(composed(change["relative_path"]), lang))
        if line and line.get("job_uid"):
            # Another run may have given it a new source, or a new job, since this one was planned.
            facts: ManifestFacts = {"sha256": line["sha256"]}
            yield Result(lang, ADOPTED, line["project_uid"], line["job_uid"], facts)
        else:
            yield Result(lang, ADOPTED, job["project_uid"], job["job_uid"])
