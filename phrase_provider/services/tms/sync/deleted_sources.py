"""Sources that are gone: their jobs are cancelled, and their targets removed, where that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.files.names import shown
from phrase_provider.files.targets import remove_target
from phrase_provider.manifest.lines import ManifestKey, written_at
from phrase_provider.services.tms.changes.source_changes import REMOVE, REPORT
from phrase_provider.services.tms.sync.results import DELETED, Result
from phrase_provider.services.tms.updates.superseded_jobs import cancel_open_parts
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.manifest.lines import ManifestFacts, ManifestLine
    from phrase_provider.services.tms.changes.source_changes import SourceChange
    from phrase_provider.services.tms.sync.results import SyncResults
    from phrase_provider.waiting.conditions import Logger


class DeletedSources:
    """
    Does what is asked for about sources that are gone.

    :param client: of the connection.
    :param on_delete: one of :data:`~phrase_provider.services.tms.changes.source_changes.ON_DELETE`.
    :param known: the lines of the manifest.
    :param results: of the run; gets what becomes of each source.
    :param log: gets a line for each target that is removed or kept.
    """

    def __init__(
        self,
        client: TmsClient,
        on_delete: str,
        known: Mapping[ManifestKey, ManifestLine],
        results: SyncResults,
        log: Logger,
    ) -> None:
        self._client = client
        self._on_delete = on_delete
        self._known = known
        self._results = results
        self._log = log

    def handle(self, changes: Sequence[SourceChange]) -> None:
        """
        Do it, for all sources that are gone; nothing where they are only reported.

        Sends ``PATCH /api2/v3/jobs``.

        :param changes: of the sources.
        :raises PhraseError: the jobs of a project could not be listed or cancelled.
        """
        if self._on_delete == REPORT:
            return
        cancelled = cancel_open(self._client, _jobs(changes), self._log)
        for change in changes:
            removed = set(self._remove_targets(change)) if self._on_delete == REMOVE else set()
            self._results.add(change, _deleted(change, cancelled, removed))

    def _remove_targets(self, change: SourceChange) -> Iterator[str]:
        """Remove the targets of a source, and yield their languages."""
        for lang in change["target_langs"]:
            line = self._known.get(ManifestKey(composed(change["relative_path"]), lang))
            path, sha256 = (line.get("target_path"), line.get("target_sha256")) if line else (None, None)
            if not path or not sha256:
                continue
            if remove_target(path, sha256):
                self._log.info("Removed %s.", shown(path))
                yield lang
            else:
                self._log.warning("%s is not what was written there, and is left as it is.", shown(path))


def cancel_open(client: TmsClient, jobs: Mapping[str, Sequence[str]], log: Logger) -> set[str]:
    """
    Cancel jobs in all their workflow steps; never what is completed, delivered or cancelled already.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs`` and ``PATCH /api2/v3/jobs``.

    :param client: of the connection.
    :param jobs: uids of any parts of the jobs, by project.
    :param log: gets a warning for each part that could not be cancelled.
    :return: uids of the parts that are cancelled now.
    :raises PhraseError: a call failed as a whole.
    """
    cancelled: set[str] = set()
    for project_uid, job_uids in jobs.items():
        parts = client.jobs.list_all_parts(project_uid, job_uids)
        cancelled |= cancel_open_parts(client, project_uid, parts, log)
    return cancelled


def _jobs(changes: Iterable[SourceChange]) -> dict[str, list[str]]:
    jobs: dict[str, list[str]] = {}
    for change in changes:
        for job in change["jobs"].values():
            jobs.setdefault(job["project_uid"], []).append(job["job_uid"])
    return jobs


def _deleted(change: SourceChange, cancelled: Collection[str], removed: Collection[str]) -> Iterator[Result]:
    """
    Yield what became of a source that is gone.

    :param change: of the source.
    :param cancelled: uids of job parts: should the source come back, they are followed by new ones.
    :param removed: languages of removed targets: they would be exported again.
    """
    for lang in change["target_langs"]:
        job = change["jobs"].get(lang)
        facts: ManifestFacts = {"deleted_at": written_at()}
        if job and job["job_uid"] in cancelled:
            facts["status"] = JobStatus.CANCELLED.value
        if lang in removed:
            facts |= {"target_path": None, "target_sha256": None, "delivered_at": None}
        yield Result(
            lang,
            DELETED,
            project_uid=job["project_uid"] if job else None,
            job_uid=job["job_uid"] if job else None,
            facts=facts,
        )
