"""Sources that have changed: their jobs get the new source, or new jobs take their place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseError, PhraseUploadsFailedError
from phrase_provider.files.sources import checksum, resolve_sources
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.job_statuses import JobReference
from phrase_provider.services.tms.parallel import batches, each_in_parallel
from phrase_provider.services.tms.sync.results import ADOPTED, UPDATED, Result, content_facts
from phrase_provider.services.tms.updates.source_updates import ChangedSource, StartedUpdate
from phrase_provider.services.tms.updates.update_results import UpdateOutcome
from phrase_provider.text import composed, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from phrase_provider.manifest.lines import ManifestFacts, ManifestLine
    from phrase_provider.services.tms.changes.source_changes import SourceChange
    from phrase_provider.services.tms.file_failures import CircuitBreaker
    from phrase_provider.services.tms.sync.results import SyncResults
    from phrase_provider.services.tms.updates.source_updates import SourceUpdates
    from phrase_provider.services.tms.updates.update_results import UpdateResult

#: Files that are imported side by side.
_BATCH = 50
#: Outcomes that are told as failures.
_FAILURES = (UpdateOutcome.LEFT_OUT, UpdateOutcome.REFUSED, UpdateOutcome.FAILED)


class ChangedSources:
    """
    Brings the content of changed sources to Phrase.

    :param updates: of sources of jobs.
    :param known: the lines of the manifest.
    :param results: of the run; gets what becomes of each source.
    :param breaker: of the task.
    """

    def __init__(
        self,
        updates: SourceUpdates,
        known: Mapping[ManifestKey, ManifestLine],
        results: SyncResults,
        breaker: CircuitBreaker,
    ) -> None:
        self._updates = updates
        self._known = known
        self._results = results
        self._breaker = breaker
        self._done: list[ChangedSource] = []

    def update(self, changes: Sequence[SourceChange]) -> list[SourceChange]:
        """
        Update the sources of jobs, many files at a time; one that fails holds no other back.

        Sends ``POST …/jobs/source`` for each file.

        :param changes: of the sources.
        :return: the same sources in the languages that need new jobs: of archived projects, or deleted.
        """
        to_create: list[SourceChange] = []
        for batch in batches(changes, _BATCH):
            opened = {change["relative_path"]: change for change in batch}
            started = [begun for _, begun in each_in_parallel(self._start, batch) if begun]
            for begun, results in each_in_parallel(self._updates.finish, started):
                self._done.append(begun.changed)
                change = opened[begun.changed.source.relative_path]
                to_create += self._keep(change, begun.changed, results)
        return to_create

    def put_back_abandoned(self, changes: Sequence[SourceChange]) -> None:
        """
        Put back jobs whose update an earlier run has broken off, and that is not wanted any more.

        :param changes: of the sources that are updated now.
        """
        self._updates.put_back_abandoned({change["relative_path"] for change in changes})

    def settle(self) -> None:
        """Forget what was noted of updates, once their results are in the manifest."""
        for changed in self._done:
            self._updates.settle(changed)

    def _start(self, change: SourceChange) -> StartedUpdate | None:
        if self._breaker.is_open:
            self._results.leave(change, updated_langs(change))
            return None
        try:
            changed = self._without_updated(change, _opened(change))
            return self._updates.start(changed) if changed.jobs else None
        except PhraseError as error:
            self._breaker.failed(error)
            self._results.fail(change, updated_langs(change), error)
            return None

    def _without_updated(self, change: SourceChange, changed: ChangedSource) -> ChangedSource:
        """Leave out jobs that have the content already: an earlier try has updated them, or another run."""
        left: dict[str, JobReference] = {}
        for lang, job in changed.jobs.items():
            line = self._known.get(ManifestKey(composed(change["relative_path"]), lang))
            if line and line.get("sha256") == changed.sha256 and line.get("job_uid") == job.job_uid:
                facts: ManifestFacts = {"sha256": changed.sha256}
                self._results.add(change, [Result(lang, UPDATED, job.project_uid, job.job_uid, facts)])
            else:
                left[lang] = job
        return replace(changed, jobs=left)

    def _keep(
        self, change: SourceChange, changed: ChangedSource, results: Iterable[UpdateResult]
    ) -> list[SourceChange]:
        needing: list[str] = []
        for result in results:
            lang = result["target_lang"]
            if result["outcome"] is UpdateOutcome.NEEDS_JOB:
                needing.append(lang)
            elif result["outcome"] in _FAILURES:
                self._fail(change, result)
            else:
                self._results.add(change, [self._result(change, changed, result)])
        return [in_languages(change, needing)] if needing else []

    def _result(self, change: SourceChange, changed: ChangedSource, result: UpdateResult) -> Result:
        place = (result["project_uid"], result["job_uid"])
        if result["outcome"] is UpdateOutcome.HELD:
            # What its job has is taken home meanwhile, if it is completed.
            line = self._known.get(ManifestKey(composed(change["relative_path"]), result["target_lang"]))
            kept: ManifestFacts = {"sha256": line["sha256"]} if line else {}
            return Result(result["target_lang"], ADOPTED, *place, kept)
        self._breaker.succeeded()
        facts = content_facts(change, result["sha256"] or changed.sha256, changed.source.size)
        facts["added_words"] = result["added_words"]
        if result["status"]:
            facts["status"] = result["status"]
        if result["updated_at"]:
            facts["updated_at"] = result["updated_at"]
        return Result(result["target_lang"], UPDATED, *place, facts)

    def _fail(self, change: SourceChange, result: UpdateResult) -> None:
        path, lang = printable(change["relative_path"]), result["target_lang"]
        error = PhraseUploadsFailedError(f"{path} is not updated in {lang}. {result['error']}")
        error.can_pass = error.is_fault = result["can_pass"]
        self._breaker.failed(error)
        is_cancelled = result["outcome"] is UpdateOutcome.LEFT_OUT
        facts: ManifestFacts | None = {"status": JobStatus.CANCELLED.value} if is_cancelled else None
        self._results.fail(change, [lang], error, facts)


def in_languages(change: SourceChange, target_langs: Sequence[str]) -> SourceChange:
    """Return a change for new jobs in some languages, beside those that are there."""
    jobs = {lang: job for lang, job in change["jobs"].items() if lang not in target_langs}
    return {**change, "target_langs": list(target_langs), "open_langs": [], "jobs": jobs}


def _opened(change: SourceChange) -> ChangedSource:
    """Return a source as it is now, and the jobs that are to get it."""
    (source,) = resolve_sources({name: change[name] for name in ("path", "relative_path", "size", "targets")})
    jobs = {lang: JobReference(**change["jobs"][lang]) for lang in updated_langs(change)}
    return ChangedSource(source, checksum(source.path), jobs)


def updated_langs(change: SourceChange) -> list[str]:
    """Return the languages in which a source has a job with another content."""
    return [lang for lang in change["target_langs"] if lang in change["jobs"]]
