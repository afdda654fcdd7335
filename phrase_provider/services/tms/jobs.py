"""The jobs of a task's source files: checked before anything is sent, then created once for each language."""

from __future__ import annotations

from functools import partial
from itertools import filterfalse
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

from phrase_provider.api.tms.projects import target_langs_of
from phrase_provider.files.languages import require_known, unique_targets
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.services.tms.async_starts import start_in_turn
from phrase_provider.services.tms.contents import Contents
from phrase_provider.services.tms.identities import Identities
from phrase_provider.services.tms.job_search import JobSearch, failed
from phrase_provider.services.tms.job_upload import (
    JobOptions,
    JobUpload,
    UploadContext,
    first_per_language,
)
from phrase_provider.services.tms.records import RecordsInLedger
from phrase_provider.services.tms.updates.changed_files import ChangedFiles
from phrase_provider.services.tms.updates.on_change import OnChange
from phrase_provider.services.tms.updates.source_updates import SourceUpdates, UpdateOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.services.tms.job_search import Parts
    from phrase_provider.waiting.conditions import Logger


class JobRow(TypedDict):
    """
    A job of a file in one language: the part of the highest workflow level.

    Where a plan names the target path, the row has it.
    """

    project_uid: str
    job_uid: str
    target_lang: str
    source: str
    relative_path: str
    target_path: NotRequired[str | None]


class Created(NamedTuple):
    """
    The jobs of a file, before it was looked for what another run has uploaded at the same moment.

    :param rows: one for each language.
    :param agree: returns the rows that all runs agree on, after :meth:`JobCreator.refresh`; None: the jobs
        were there, and these are they.
    """

    rows: list[JobRow]
    agree: Callable[[], list[JobRow]] | None = None


class JobCreator:
    """
    Creates jobs in one project.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    :param options: the same for all files.
    :param ledger: of the task.
    :param recreate_key: names an upload that a person has asked for although the jobs are there; empty
        otherwise.
    :param base_is_given: whether somebody chose the base of the files, rather than their paths alone.
    :param on_change: what is done about files that have changed since they were uploaded.
    :param log: gets lines on what is created and what was there.
    """

    def __init__(
        self,
        client: TmsClient,
        project: ProjectDtoV1,
        options: JobOptions,
        ledger: Ledger,
        log: Logger,
        *,
        recreate_key: str = "",
        base_is_given: bool = False,
        on_change: OnChange = OnChange.FAIL,
    ) -> None:
        self._client = client
        self._project = project
        self._ledger = ledger
        self._log = log
        self._recreate_key = recreate_key
        self._search = JobSearch(client, project)
        self._contents = Contents(client, project["uid"])
        self._identities = Identities(
            client, project, self._search, self._contents, log, base_is_given=base_is_given
        )
        self._context = UploadContext(
            client, project, options, self._search, self._contents, self._identities, log
        )
        self._changed_files = ChangedFiles(
            client,
            project["uid"],
            on_change,
            _updates(client, ledger, options, log) if on_change is OnChange.UPDATE else None,
            self._search,
            self._contents,
            self._identities,
            log,
        )

    def require_languages(self, target_langs: str | Sequence[str] | None) -> list[str]:
        """
        Return the target languages as Phrase codes, all of them the project's.

        :param target_langs: in any usual form; None: all of the project's.
        :raises PhraseInputError: there is none, or one that the project lacks.
        """
        own = target_langs_of(self._project)
        codes = unique_targets(own if target_langs is None else target_langs)
        require_known(codes, own, f"Project {self._project.get('name')!r}")
        return codes

    def begin(self, sources: Sequence[SourceFile], known_paths: Iterable[str] = ()) -> None:
        """
        List what the project has of all files of the task, in as few requests as there can be.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``.

        :param sources: the files; others can be created as well, each with a listing of its own.
        :param known_paths: paths below the base of files that are no others of these, though they may have
            their names.
        :raises PhraseInputError: their base is not that of the project's batch.
        """
        self._identities.begin(sources, known_paths)
        self._search.list_names(sources)

    def refresh(self, sources: Sequence[SourceFile]) -> None:
        """
        List once more what the project has of files.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``.

        :param sources: the files.
        """
        self._search.list_names(sources, refresh=True)

    def keep_base(self, sources: Sequence[SourceFile]) -> None:
        """
        Note the base in a project that was made before there were bases, once all files are checked.

        :param sources: the files.
        """
        self._identities.keep_base(sources)

    def is_complete(self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str]) -> bool:
        """
        Return whether a file needs no upload, as the project was last listed.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param ignored: what :meth:`check` returned.
        """
        return JobUpload(self._context, source, target_langs, ignored).is_complete()

    def check(
        self, source: SourceFile, target_langs: Sequence[str], *, superseded: Collection[str] | None = None
    ) -> frozenset[str]:
        """
        Check that a file can be uploaded, or is in Phrase as it is.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param superseded: uids of jobs of an earlier content, in whose place new ones are created, as in that
            of any other job with another content; None: what has changed is refused.
        :return: uids of its jobs that do not count: failed imports of a file that was mended since, those
            of a former content, or those that were there before a person asked for others.
        :raises PhraseInputError: Phrase could not take it under its name.
        :raises PhraseSourceChangedError: the file was uploaded before with another content.
        :raises PhraseDuplicateSourceError: it was uploaded before, with this content and another base.
        """
        JobUpload(self._context, source, target_langs).request(target_langs).check()
        jobs = self._search.jobs_of(source, target_langs)
        uids = frozenset(job["uid"] for job in jobs)
        if self._recreate_key:
            key = self._key("jobs_before", source, target_langs)
            return frozenset(self._ledger.remember(key, {"job_uids": " ".join(uids)})["job_uids"].split())
        if superseded is not None:
            return frozenset(
                uid for uid in uids if uid in superseded or not self._contents.is_same(source, uid)
            )
        present = list(first_per_language(jobs).values())
        if imported := list(filterfalse(failed, jobs)):
            return self._changed_files.check(source, imported, self._recorded(source, target_langs))
        if present and not self._contents.is_same(source, present[0]["uid"]):
            self._log.warning("%s is uploaded again: its import failed before.", source.relative_path)
            return uids
        if not present:
            self._identities.require_new(source, target_langs)
        return frozenset()

    def create(
        self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str]
    ) -> list[JobRow]:
        """
        Return the jobs of a file, a row for each language, creating those that are missing.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs``.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param ignored: what :meth:`check` returned.
        :raises PhraseUnsupportedFileError: Phrase does not know the file type.
        :raises PhraseSourceChangedError: another run has uploaded another content at the same moment.
        :raises PhraseSourceUnstableError: the file changed since it was checked, or while it was sent.
        :raises PhraseLedgerError: a job that this task created was deleted.
        """
        upload = JobUpload(self._context, source, target_langs, ignored)
        return self._rows(source, target_langs, self._run_once(upload, source, target_langs))

    def put_back_abandoned(self) -> None:
        """Put back the statuses of jobs that an earlier try has reopened for content that is gone again."""
        self._changed_files.put_back_abandoned()

    def checksum(self, source: SourceFile) -> str:
        """
        Return the SHA-256 of a file as it was checked, in hex.

        :param source: the file.
        """
        return self._contents.checksum(source.path)

    def create_listed(
        self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str], *, is_listed: bool
    ) -> Created:
        """
        Create as :meth:`create`, one of many files; several threads may.

        What another run has uploaded at the same moment is looked for afterwards, for all of them at once.

        :param is_listed: whether the file was listed just before, so that it need not be looked for.
        """
        upload = JobUpload(self._context, source, target_langs, ignored, is_listed=is_listed)
        parts = self._run_once(upload, source, target_langs, agree=False)
        rows = self._rows(source, target_langs, parts)
        if not upload.is_sent:
            return Created(rows)

        def agree() -> list[JobRow]:
            operation = upload.operation(self._key("jobs", source, target_langs))
            return self._rows(source, target_langs, self._ledger.agree(operation, parts))

        return Created(rows, agree)

    def _run_once(
        self, upload: JobUpload, source: SourceFile, target_langs: Sequence[str], *, agree: bool = True
    ) -> Parts:
        self._changed_files.update(source)
        operation = upload.operation(self._key("jobs", source, target_langs))
        # An upload that is refused for want of room was not made: the ledger may start again.
        start = partial(self._ledger.run_once, operation, agree=agree)
        parts = start_in_turn(self._client, start, self._log)
        self._changed_files.cancel_superseded(source)
        return parts

    def _key(self, kind: str, source: SourceFile, target_langs: Sequence[str]) -> str:
        identity = self._project["uid"], source.relative_path, self._contents.checksum(source.path)
        return entry_key(kind, *identity, *sorted(target_langs), self._recreate_key)

    def _recorded(self, source: SourceFile, target_langs: Sequence[str]) -> frozenset[str]:
        """Return the uids of the jobs that this task is known to have made from this content."""
        return frozenset(self._ledger.result(self._key("jobs", source, target_langs)).values())

    def _rows(self, source: SourceFile, target_langs: Sequence[str], parts: Parts) -> list[JobRow]:
        return [
            {
                "project_uid": self._project["uid"],
                "job_uid": parts[lang]["uid"],
                "target_lang": lang,
                "source": source.path,
                "relative_path": source.relative_path,
            }
            for lang in target_langs
        ]


def _updates(client: TmsClient, ledger: Ledger, options: JobOptions, log: Logger) -> SourceUpdates | None:
    """Return the updates of a task; None where it has no state in which they could be noted."""
    if not ledger.has_store:
        return None
    records = RecordsInLedger(ledger, "phrase.source_updates")
    return SourceUpdates(client, records, log, UpdateOptions(pre_translate=options.pre_translate))
