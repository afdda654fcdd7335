"""Uploading source files into a project, once each for every language."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import filterfalse
from typing import TYPE_CHECKING, TypedDict

from phrase_provider.api.tms.job_parts import target_lang_of, unsupported_files
from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.api.tms.projects import target_langs_of, workflow_step_ids
from phrase_provider.exceptions import (
    PhraseNotFoundError,
    PhraseServerError,
    PhraseSourceChangedError,
    PhraseUnsupportedFileError,
)
from phrase_provider.files.languages import require_known, unique_targets
from phrase_provider.files.sending import SourceUpload
from phrase_provider.idempotency.ledger import Deed, entry_key
from phrase_provider.services.tms.async_starts import start_in_turn
from phrase_provider.services.tms.contents import Contents
from phrase_provider.services.tms.identities import Identities
from phrase_provider.services.tms.job_search import JobSearch, Part, Parts, composed, failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.idempotency.entry import Noted
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.waiting.tms.conditions import Logger

#: Bytes per second that any upload reaches; for how long one may still be under way.
_SLOWEST_UPLOAD = 1_000_000


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


class JobRow(TypedDict):
    """A job of a file in one language: the part of the highest workflow level."""

    project_uid: str
    job_uid: str
    target_lang: str
    source: str
    relative_path: str


class JobCreation:
    """
    Creates jobs in one project.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    :param options: the same for all files.
    :param ledger: of the task.
    :param anew: names an upload that a person has asked for although the jobs are there; empty otherwise.
    :param base_is_given: whether somebody chose the base of the files, rather than their paths alone.
    :param log: told what is created and what was there.
    """

    def __init__(
        self,
        client: TmsClient,
        project: ProjectDtoV1,
        options: JobOptions,
        ledger: Ledger,
        log: Logger,
        *,
        anew: str = "",
        base_is_given: bool = False,
    ) -> None:
        self._client = client
        self._project = project
        self._options = options
        self._ledger = ledger
        self._log = log
        self._anew = anew
        self._search = JobSearch(client, project)
        self._contents = Contents(client, project["uid"])
        self._identities = Identities(
            client, project, self._search, self._contents, log, base_is_given=base_is_given
        )
        #: What the last look found of each file.
        self._found: dict[SourceFile, Parts] = {}

    def require_languages(self, target_langs: str | Sequence[str] | None) -> list[str]:
        """
        Give the target languages, all of them the project's.

        :param target_langs: in any usual form; None: all of the project's.
        :return: Phrase codes.
        :raises PhraseInputError: none, or one that the project lacks.
        """
        own = target_langs_of(self._project)
        codes = unique_targets(own if target_langs is None else target_langs)
        require_known(codes, own, f"Project {self._project.get('name')!r}")
        return codes

    def begin(self, sources: Sequence[SourceFile]) -> None:
        """
        List what the project has of all files of the task, in as few requests as there can be.

        :param sources: the files; others can be created as well, each with a listing of its own.
        :raises PhraseInputError: their base is not that of the project's batch.
        """
        self._identities.begin(sources)
        self._search.list_names(sources)

    def keep_base(self, sources: Sequence[SourceFile]) -> None:
        """
        Note the base in a project that was made before there were bases, once all files are checked.

        :param sources: the files.
        """
        self._identities.keep_base(sources)

    def is_whole(self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str]) -> bool:
        """
        Tell whether a file needs no upload, as the project was last listed.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param ignored: what :meth:`check` gave.
        """
        return len(_first(self._counting(source, target_langs, ignored))) == len(target_langs)

    def check(self, source: SourceFile, target_langs: Sequence[str]) -> frozenset[str]:
        """
        Check that a file can be uploaded, or is in Phrase as it is.

        :param source: the file.
        :param target_langs: Phrase codes.
        :return: uids of its jobs that do not count: failed imports of a file that was mended since, or
            those that were there before a person asked for others.
        :raises PhraseInputError: Phrase could not take it under its name.
        :raises PhraseSourceChangedError: the file was uploaded before with another content.
        :raises PhraseDuplicateSourceError: it was uploaded before, with this content and another base.
        """
        self._request(source, target_langs).check()
        jobs = self._search.jobs_of(source, target_langs)
        uids = frozenset(job["uid"] for job in jobs)
        if self._anew:
            key = self._key("jobs_before", source, target_langs)
            return frozenset(self._ledger.remember(key, {"job_uids": " ".join(uids)})["job_uids"].split())
        present = list(_first(jobs).values())
        if imported := list(filterfalse(failed, present)):
            self._identities.require_same(source, self._not_noted(source, target_langs, imported))
        elif present and not self._contents.is_same(source, present[0]["uid"]):
            self._log.warning("%s is uploaded again: its import failed before.", source.relative_path)
            return uids
        elif not present:
            self._identities.require_new(source, target_langs)
        return frozenset()

    def create(
        self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str]
    ) -> list[JobRow]:
        """
        Give the jobs of a file, creating those that are missing.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param ignored: what :meth:`check` gave.
        :return: a row for each language.
        :raises PhraseUnsupportedFileError: Phrase does not know the file type.
        :raises PhraseSourceChangedError: another run has uploaded another content at the same moment.
        :raises PhraseSourceUnstableError: the file changed since it was checked, or while it was sent.
        :raises PhraseLedgerError: a job that this task created was deleted.
        """
        deed = Deed(
            what=f"uploading {source.relative_path} for {', '.join(target_langs)}",
            key=self._key("jobs", source, target_langs),
            look_up=partial(self._find, source, target_langs, ignored),
            do=lambda _: self._upload(source, target_langs, ignored),
            note=lambda parts: {lang: part["uid"] for lang, part in parts.items()},
            lasts=self._client.session.settings.timeout + source.size / _SLOWEST_UPLOAD,
            contended=True,
        )
        # An upload that is refused for want of room was not made: the ledger may begin anew.
        parts = start_in_turn(self._client, partial(self._ledger.once, deed), self._log)
        return [self._row(source, lang, parts[lang]) for lang in target_langs]

    def _key(self, kind: str, source: SourceFile, target_langs: Sequence[str]) -> str:
        content = self._contents.checksum(source.path)
        return entry_key(
            kind, self._project["uid"], source.relative_path, content, *sorted(target_langs), self._anew
        )

    def _find(
        self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str], noted: Noted | None
    ) -> Parts | None:
        """Several runs may upload at once: all keep the earliest job, and the later run removes its own."""
        jobs = self._counting(source, target_langs, ignored)
        if len(_first(jobs)) < len(target_langs):
            # What was listed whole is not asked for again; what is missing may have appeared since.
            jobs = self._counting(source, target_langs, ignored, anew=True)
        found, own = _first(jobs), noted or {}
        self._found[source] = found
        for job in jobs:
            first = found[target_lang_of(job)]
            if job is not first and not failed(job):
                self._give_way(source, job, first, mine=job["uid"] in own.values())
        for lang in target_langs:
            if lang not in found and lang in own and (known := self._known(own[lang])):
                found[lang] = known
                self._log.warning(
                    "Phrase shows %s (job %s) under another name or folder: other runs do not find it.",
                    source.relative_path,
                    known["uid"],
                )
        # One that appeared after the check may have another content.
        others = [job for job in found.values() if job["uid"] not in own.values() and not failed(job)]
        self._identities.require_same(source, others)
        return found if len(found) == len(target_langs) else None

    def _counting(
        self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str], *, anew: bool = False
    ) -> list[Part]:
        jobs = self._search.jobs_of(source, target_langs, anew=anew)
        return [job for job in jobs if job["uid"] not in ignored]

    def _not_noted(
        self, source: SourceFile, target_langs: Sequence[str], jobs: Sequence[Part]
    ) -> Sequence[Part]:
        """Leave out the jobs that this task is known to have made from this content."""
        own = self._ledger.result(self._key("jobs", source, target_langs)).values()
        return [job for job in jobs if job["uid"] not in own]

    def _known(self, job_uid: str) -> Part | None:
        """Read a job by its uid: a person may have changed its file's name."""
        try:
            return self._client.jobs.get(self._project["uid"], job_uid)
        except PhraseNotFoundError:
            return None

    def _give_way(self, source: SourceFile, later: Part, first: Part, *, mine: bool) -> None:
        told = f"Job {later['uid']} has the file and language of {first['uid']}, and is later"
        if mine and not self._contents.is_same(source, first["uid"]):
            raise PhraseSourceChangedError(
                f"{told}. They differ in content",
                hint="Another run has uploaded other content at the same moment. Delete one of the two jobs "
                "in Phrase, and use a batch id for each content, or a base that tells two files apart.",
            )
        if mine and later["status"] == "NEW":
            self._log.warning("%s. This task made it, nobody works on it, and it is removed.", told)
            parts = self._search.all_parts(later)
            with suppress(PhraseNotFoundError):
                self._client.jobs.delete(self._project["uid"], [part["uid"] for part in parts])
        else:
            self._log.warning("%s. Delete it in Phrase if nobody needs it; its words are charged.", told)

    def _upload(self, source: SourceFile, target_langs: Sequence[str], ignored: frozenset[str]) -> Parts:
        present = self._found[source]
        missing = [lang for lang in target_langs if lang not in present]
        request = self._request(source, missing)
        upload = SourceUpload(source)
        created = self._client.jobs.create(self._project["uid"], request, upload.open)
        unsupported = map(composed, unsupported_files(created))
        if composed(source.name) in unsupported or not created.get("jobs"):
            raise PhraseUnsupportedFileError(
                f"Phrase cannot import {source.relative_path}: it does not know this file type",
                hint="Convert the file, or leave it out of the source. Nothing was charged for it.",
            )
        upload.require_sent(self._contents.checksum(source.path), [job["uid"] for job in created["jobs"]])
        self._log.info("Uploaded %s for %s.", source.relative_path, ", ".join(missing))
        parts = present | self._search.highest(created["jobs"])
        if len(parts) < len(target_langs):
            # The answer need not show every part; the list does.
            parts = _first(self._counting(source, target_langs, ignored, anew=True)) | parts
        _require_all(source, target_langs, parts)
        return parts

    def _request(self, source: SourceFile, target_langs: Sequence[str]) -> JobRequest:
        return JobRequest(
            # Phrase's lists are filtered by the exact name, so that each has one form there.
            filename=composed(source.name),
            target_langs=target_langs,
            folder=composed(source.folder),
            use_project_import_settings=self._options.use_project_import_settings,
            import_settings_uid=self._options.import_settings_uid,
            due=self._options.due,
            workflow_step_ids=workflow_step_ids(self._project),
            pre_translate=self._options.pre_translate,
            source_data=self._client.session.settings.source_data,
        )

    def _row(self, source: SourceFile, target_lang: str, part: Part) -> JobRow:
        return {
            "project_uid": self._project["uid"],
            "job_uid": part["uid"],
            "target_lang": target_lang,
            "source": source.path,
            "relative_path": source.relative_path,
        }


def _first(jobs: Sequence[Part]) -> Parts:
    """Choose for each language the first job with a good import, or the last one that failed."""
    chosen: Parts = {}
    for job in [*filterfalse(failed, jobs), *reversed(list(filter(failed, jobs)))]:
        chosen.setdefault(target_lang_of(job), job)
    return chosen


def _require_all(source: SourceFile, target_langs: Sequence[str], parts: Parts) -> None:
    if lost := [lang for lang in target_langs if lang not in parts]:
        raise PhraseServerError(
            f"Phrase took {source.relative_path} but shows no job for {', '.join(lost)}",
            hint="Look into the project in Phrase; this task looks again when it is retried.",
        )
