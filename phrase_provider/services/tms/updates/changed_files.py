"""Files that are in a project with other content than they have now: updated, given new jobs, or refused."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import target_lang_of
from phrase_provider.api.tms.job_status import DONE, ENDED
from phrase_provider.exceptions import PhraseInputError, PhraseSourceChangedError
from phrase_provider.services.tms.job_statuses import JobReference
from phrase_provider.services.tms.updates.on_change import OnChange
from phrase_provider.services.tms.updates.source_updates import ChangedSource
from phrase_provider.services.tms.updates.superseded_jobs import cancel_open_parts
from phrase_provider.services.tms.updates.update_results import UpdateOutcome
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.contents import Contents
    from phrase_provider.services.tms.identities import Identities
    from phrase_provider.services.tms.job_search import JobSearch, Part
    from phrase_provider.services.tms.updates.source_updates import SourceUpdates
    from phrase_provider.services.tms.updates.update_results import UpdateResult
    from phrase_provider.waiting.conditions import Logger

#: Languages without an update that a task accepts: nobody wants them.
_ACCEPTED = frozenset({UpdateOutcome.UPDATED, UpdateOutcome.LEFT_OUT})


class ChangedFiles:
    """
    Finds out which files of a task have changed, and does what was asked for about them.

    A newer job of a file and language supersedes one that is done or cancelled.

    :param client: of the connection.
    :param project_uid: uid.
    :param on_change: what is done.
    :param updates: of the task; None: sources cannot be updated here.
    :param search: of the project's jobs.
    :param contents: of the project's jobs.
    :param identities: of the task's files.
    :param log: gets lines on what is done.
    """

    def __init__(
        self,
        client: TmsClient,
        project_uid: str,
        on_change: OnChange,
        updates: SourceUpdates | None,
        search: JobSearch,
        contents: Contents,
        identities: Identities,
        log: Logger,
    ) -> None:
        self._client = client
        self._project_uid = project_uid
        self._on_change = on_change
        self._updates = updates
        self._search = search
        self._contents = contents
        self._identities = identities
        self._log = log
        self._to_update: dict[SourceFile, list[Part]] = {}
        self._superseded: dict[SourceFile, list[Part]] = {}

    def check(self, source: SourceFile, jobs: Sequence[Part], own: frozenset[str]) -> frozenset[str]:
        """
        Compare a file with its jobs, and return the uids of those that do not count any more.

        :param source: the file.
        :param jobs: of the file, imported, the earliest first.
        :param own: uids of those that this task is known to have made from this content.
        :raises PhraseSourceChangedError: the file has changed, and nothing is to be done about it.
        :raises PhraseInputError: it is to be updated, and what is done cannot be noted for a later try.
        """
        others = [job for job in jobs if job["uid"] not in own]
        same = self._contents.same_jobs(source, others) | set(own)
        stale: list[Part] = []
        ignored: list[Part] = []
        for known in _by_language(jobs):
            counting = self._counting(known, same)
            ignored += [job for job in known if job not in counting]
            stale += [job for job in counting[:1] if job["uid"] not in same]
        return self._keep(source, stale, ignored)

    def _counting(self, known: Sequence[Part], same: Container[str]) -> list[Part]:
        """
        Return those of a file's jobs in one language that count, the first one before all others.

        :param known: the earliest first.
        :param same: uids of those that have the content of the file.
        """
        newest = known[-1]
        if self._on_change is OnChange.FAIL:
            # Of two with the same content the earlier one counts. One with other content that was done or
            # cancelled when the newer one came, was superseded by it.
            return [
                job
                for job in known
                if job is newest or job["uid"] in same or job["status"] not in DONE | ENDED
            ]
        usable = [
            job for job in known if job["uid"] in same and (job is newest or job["status"] not in ENDED)
        ]
        return usable or [newest]

    def _keep(self, source: SourceFile, stale: Sequence[Part], ignored: list[Part]) -> frozenset[str]:
        """Keep what is to be done about a file, and return the uids of the jobs that do not count."""
        if stale and self._on_change is OnChange.FAIL:
            self._identities.require_same(source, stale)
        elif stale and self._on_change is OnChange.UPDATE:
            self._require_notes(source)
            self._to_update[source] = list(stale)
        elif self._on_change is OnChange.NEW_JOB:
            ignored = [*ignored, *stale]
            self._superseded[source] = ignored
        return frozenset(job["uid"] for job in ignored)

    def update(self, source: SourceFile) -> None:
        """
        Bring the new source to the jobs of a file that has changed, before what is missing is created.

        Source: ``POST …/jobs/source``.

        :param source: the file, after :meth:`check`.
        :raises PhraseSourceChangedError: one of its languages could not be updated; all are named.
        """
        jobs = self._to_update.pop(source, None)
        if not jobs or self._updates is None:
            return
        references = {target_lang_of(job): JobReference(self._project_uid, job["uid"]) for job in jobs}
        changed = ChangedSource(source, self._contents.checksum(source.path), references)
        results = self._updates.update(changed)
        self._contents.forget(job["uid"] for job in jobs)
        if failed := [result for result in results if result["outcome"] not in _ACCEPTED]:
            self._to_update[source] = jobs
            raise _not_updated(source, failed)
        self._updates.settle(changed)

    def cancel_superseded(self, source: SourceFile) -> None:
        """
        Cancel what is not finished of the jobs in whose place new ones are.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs`` by file name, ``PATCH /api2/v3/jobs``.

        :param source: the file, after its new jobs were created.
        """
        for job in self._superseded.pop(source, []):
            parts = self._search.all_parts(job)
            cancel_open_parts(self._client, self._project_uid, parts, self._log)
            self._log.info(
                "Job %s has the former content of %s.", job["uid"], printable(source.relative_path)
            )

    def put_back_abandoned(self) -> None:
        """Put back the statuses of jobs whose update an earlier try broke off, and that is not wanted now."""
        if self._updates is not None:
            self._updates.put_back_abandoned({source.relative_path for source in self._to_update})

    def _require_notes(self, source: SourceFile) -> None:
        if self._updates is None:
            raise PhraseInputError(
                f"{printable(source.relative_path)} has changed, and its update could not be noted for a "
                "later try",
                hint="Nothing was sent. Here on_change='update' needs Airflow 3.3 or newer. The continuous "
                "DAG, which notes it beside the manifest, works with all versions.",
            )


def _by_language(jobs: Iterable[Part]) -> list[list[Part]]:
    grouped: defaultdict[str, list[Part]] = defaultdict(list)
    for job in jobs:
        grouped[target_lang_of(job)].append(job)
    return list(grouped.values())


def _not_updated(source: SourceFile, failed: Sequence[UpdateResult]) -> PhraseSourceChangedError:
    reasons: dict[str, list[str]] = {}
    for result in failed:
        reasons.setdefault(result["error"] or "", []).append(result["target_lang"])
    told = " ".join(f"{', '.join(langs)}: {reason}" for reason, langs in reasons.items())
    error = PhraseSourceChangedError(
        f"{printable(source.relative_path)} has changed, and its jobs were not updated. {told}",
        hint="What can pass is tried again while there are retries. For jobs that Phrase does not update, "
        "set on_change to new_job: the file is uploaded anew, and its words are charged.",
    )
    error.can_pass = any(result["can_pass"] for result in failed)
    return error
