"""The upload of one source file as an operation: find its jobs, create them, resolve conflicts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import filterfalse
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import target_lang_of, unsupported_files
from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.api.tms.projects import workflow_step_ids
from phrase_provider.exceptions import (
    PhraseNotFoundError,
    PhraseServerError,
    PhraseSourceChangedError,
    PhraseUnsupportedFileError,
)
from phrase_provider.files.sending import SourceUpload
from phrase_provider.idempotency.operation import Operation
from phrase_provider.services.tms.job_search import Part, Parts, failed
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.idempotency.entry import RecordedResult
    from phrase_provider.services.tms.contents import Contents
    from phrase_provider.services.tms.identities import Identities
    from phrase_provider.services.tms.job_search import JobSearch
    from phrase_provider.waiting.conditions import Logger

#: Bytes per second that any upload reaches; for how long one may still be under way.
_MIN_UPLOAD_RATE = 1_000_000


@dataclass(frozen=True, slots=True)
class JobOptions:
    """
    What is the same for all files of a task.

    The fields are those of :class:`~phrase_provider.api.tms.job_request.JobRequest`.
    """

    use_project_import_settings: bool = True
    import_settings_uid: str | None = None
    due: str | None = None
    pre_translate: bool = False


@dataclass(frozen=True, slots=True)
class UploadContext:
    """
    What the uploads of a task share.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    :param options: the same for all files.
    :param search: of the project's jobs.
    :param contents: of the project's jobs.
    :param identities: of the task's files.
    :param log: gets lines on what is created and what was there.
    """

    client: TmsClient
    project: ProjectDtoV1
    options: JobOptions
    search: JobSearch
    contents: Contents
    identities: Identities
    log: Logger


class JobUpload:
    """
    Finds, creates and reconciles the jobs of one file.

    :param context: of the task.
    :param source: the file.
    :param target_langs: Phrase codes.
    :param ignored: uids of its jobs that do not count.
    :param is_listed: whether the caller has just listed what the project has of the file.
    """

    def __init__(
        self,
        context: UploadContext,
        source: SourceFile,
        target_langs: Sequence[str],
        ignored: frozenset[str] = frozenset(),
        *,
        is_listed: bool = False,
    ) -> None:
        self._context = context
        self._source = source
        self._target_langs = target_langs
        self._ignored = ignored
        self._is_listed = is_listed
        #: Whether the file was sent, and its jobs created.
        self.is_sent = False

    def operation(self, key: str) -> Operation[Parts]:
        """
        Return the upload as an operation, whose result is a job part for each language.

        :param key: of its ledger entry.
        """
        client = self._context.client
        return Operation(
            description=f"uploading {self._source.relative_path} for {', '.join(self._target_langs)}",
            key=key,
            find=self._find,
            execute=self._execute,
            record=lambda parts: {lang: part["uid"] for lang, part in parts.items()},
            max_duration=longest_upload(client, self._source.size),
            resolve_conflicts=self._resolve_conflicts,
        )

    def is_complete(self) -> bool:
        """Return whether the file needs no upload, as the project was last listed."""
        return len(first_per_language(self._jobs())) == len(self._target_langs)

    def request(self, target_langs: Sequence[str]) -> JobRequest:
        """
        Return the request that creates jobs of the file.

        :param target_langs: Phrase codes.
        """
        project, options = self._context.project, self._context.options
        return JobRequest(
            # Phrase's lists are filtered by the exact name, so that each has one form there.
            filename=composed(self._source.name),
            target_langs=target_langs,
            folder=composed(self._source.folder),
            use_project_import_settings=options.use_project_import_settings,
            import_settings_uid=options.import_settings_uid,
            due=options.due,
            workflow_step_ids=workflow_step_ids(project),
            pre_translate=options.pre_translate,
            source_data=self._context.client.session.settings.source_data,
        )

    def _find(self, recorded: RecordedResult | None) -> Parts | None:
        # What was listed whole is not asked for again; what is missing may have appeared since.
        found = self._present(recorded, refresh=not (self._is_listed or self.is_complete()))
        self._is_listed = False
        return found if len(found) == len(self._target_langs) else None

    def _execute(self, recorded: RecordedResult | None) -> Parts:
        present = self._present(recorded)
        self._require_same(present, own=set((recorded or {}).values()))
        missing = [lang for lang in self._target_langs if lang not in present]
        parts = present | self._context.search.highest(self._send(missing))
        if len(parts) < len(self._target_langs):
            # The answer need not show every part; the list does.
            parts = first_per_language(self._jobs(refresh=True)) | parts
        self._require_all(parts)
        return parts

    def _send(self, target_langs: Sequence[str]) -> list[Part]:
        source, upload = self._source, SourceUpload(self._source)
        created = self._context.client.jobs.create(
            self._context.project["uid"], self.request(target_langs), upload.open
        )
        unsupported = map(composed, unsupported_files(created))
        jobs: list[Part] = created.get("jobs") or []
        self.is_sent = bool(jobs)
        if composed(source.name) in unsupported or not jobs:
            raise PhraseUnsupportedFileError(
                f"Phrase cannot import {source.relative_path}: it does not know this file type",
                hint="Convert the file, or leave it out of the source. Nothing was charged for it.",
            )
        upload.require_sent(self._context.contents.checksum(source.path), [job["uid"] for job in jobs])
        self._context.log.info("Uploaded %s for %s.", source.relative_path, ", ".join(target_langs))
        return jobs

    def _present(self, recorded: RecordedResult | None, *, refresh: bool = False) -> Parts:
        """Return the jobs that the file has, also those that a person has renamed since."""
        found = first_per_language(self._jobs(refresh=refresh))
        for lang, job_uid in (recorded or {}).items():
            if lang in found or lang not in self._target_langs or not (renamed := self._find_part(job_uid)):
                continue
            found[lang] = renamed
            self._context.log.warning(
                "Phrase shows %s (job %s) under another name or folder: other runs do not find it.",
                self._source.relative_path,
                renamed["uid"],
            )
        return found

    def _resolve_conflicts(self, found: Parts, recorded: RecordedResult | None) -> None:
        """
        Have all runs keep the earliest jobs: each removes its own later ones, and names those of others.

        :raises PhraseSourceChangedError: a job of another run has another content.
        """
        jobs, own = self._jobs(), set((recorded or {}).values())
        first = found | first_per_language(jobs)
        for job in jobs:
            kept = first[target_lang_of(job)]
            if job is not kept and not failed(job):
                self._resolve_duplicate(job, kept, is_own=job["uid"] in own)
        self._require_same(first, own)

    def _resolve_duplicate(self, later: Part, first: Part, *, is_own: bool) -> None:
        log = self._context.log
        message = f"Job {later['uid']} has the file and language of {first['uid']}, and is later"
        if is_own and not self._context.contents.is_same(self._source, first["uid"]):
            raise PhraseSourceChangedError(
                f"{message}. They differ in content",
                hint="Another run has uploaded other content at the same moment. Delete one of the two jobs "
                "in Phrase, and use a batch id for each content, or a base that tells two files apart.",
            )
        if is_own and later["status"] == "NEW":
            log.warning("%s. This task made it, nobody works on it, and it is removed.", message)
            self._delete(later)
        else:
            log.warning("%s. Delete it in Phrase if nobody needs it; its words are charged.", message)

    def _delete(self, job: Part) -> None:
        parts = self._context.search.all_parts(job)
        with suppress(PhraseNotFoundError):
            self._context.client.jobs.delete(self._context.project["uid"], [part["uid"] for part in parts])

    def _require_same(self, parts: Parts, own: Container[str]) -> None:
        # A job of another run that appeared after the check may have another content.
        others = [job for job in parts.values() if job["uid"] not in own and not failed(job)]
        self._context.identities.require_same(self._source, others)

    def _require_all(self, parts: Parts) -> None:
        if lost := [lang for lang in self._target_langs if lang not in parts]:
            raise PhraseServerError(
                f"Phrase took {self._source.relative_path} but shows no job for {', '.join(lost)}",
                hint="Look into the project in Phrase; this task looks again when it is retried.",
            )

    def _jobs(self, *, refresh: bool = False) -> list[Part]:
        jobs = self._context.search.jobs_of(self._source, self._target_langs, refresh=refresh)
        return [job for job in jobs if job["uid"] not in self._ignored]

    def _find_part(self, job_uid: str) -> Part | None:
        return self._context.client.jobs.find(self._context.project["uid"], job_uid)


def longest_upload(client: TmsClient, size: int) -> float:
    """
    Return the seconds for which Phrase may still be taking in a file that was sent.

    :param client: of the connection.
    :param size: bytes of the file.
    """
    return client.session.settings.timeout + size / _MIN_UPLOAD_RATE


def first_per_language(jobs: Sequence[Part]) -> Parts:
    """
    Return for each language the first job with a good import, or the last one that failed.

    :param jobs: of one file, the earliest first.
    """
    chosen: Parts = {}
    for job in [*filterfalse(failed, jobs), *reversed(list(filter(failed, jobs)))]:
        chosen.setdefault(target_lang_of(job), job)
    return chosen
