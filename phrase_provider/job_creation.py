"""Uploading one source file into a project, once for each language."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from phrase_provider.api.tms.conditions import import_state
from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.api.tms.jobs import level_of, workflow_levels
from phrase_provider.exceptions import (
    PhraseServerError,
    PhraseSourceChangedError,
    PhraseUnsupportedFileError,
)
from phrase_provider.languages import require_known, unique_targets
from phrase_provider.ledger import do_and_settle
from phrase_provider.sources import checksum, fingerprint, open_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.conditions import Logger
    from phrase_provider.sources import SourceFile

#: A job part for each language.
Parts = dict[str, dict[str, Any]]


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


class JobCreation:
    """
    Creates jobs in one project.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    :param options: the same for all files.
    :param log: told what is created and what was there.
    """

    def __init__(self, client: TmsClient, project: dict[str, Any], options: JobOptions, log: Logger) -> None:
        self._client = client
        self._project = project
        self._options = options
        self._log = log
        self._level = max(workflow_levels(project))

    def require_languages(self, target_langs: str | Sequence[str] | None) -> list[str]:
        """
        Give the target languages, all of them the project's.

        :param target_langs: in any usual form; None: all of the project's.
        :return: Phrase codes.
        :raises PhraseInputError: none, or one that the project lacks.
        """
        own = self._project.get("targetLangs") or []
        codes = unique_targets(own if target_langs is None else target_langs)
        require_known(codes, own, f"Project {self._project.get('name')!r}")
        return codes

    def find(self, source: SourceFile, target_langs: Sequence[str]) -> Parts:
        """
        Give the jobs of a file that are in Phrase already, and check that the file can be uploaded.

        :param source: the file.
        :param target_langs: Phrase codes.
        :raises PhraseInputError: Phrase could not take it under its name.
        :raises PhraseSourceChangedError: the file was uploaded before with another content.
        """
        self._request(source, target_langs).check()
        present = self._present(source, target_langs)
        if not present or self._is_same_source(source, present):
            return present
        if all(_failed(part) for part in present.values()):
            self._log.warning("%s is uploaded again: its import failed before.", source.relative_path)
            return {}
        raise PhraseSourceChangedError(
            f"{source.relative_path} has changed since it was uploaded "
            f"(job {next(iter(present.values()))['uid']})",
            hint="Nothing was sent. Use another batch id for the new content, or update the source of "
            "the job in Phrase and clear this task.",
        )

    def complete(
        self, source: SourceFile, target_langs: Sequence[str], present: Parts
    ) -> list[dict[str, Any]]:
        """
        Give the jobs of a file, creating those that are missing.

        :param source: the file.
        :param target_langs: Phrase codes.
        :param present: what :meth:`find` gave.
        :return: ``{project_uid, job_uid, target_lang, source, relative_path}`` for each language.
        :raises PhraseUnsupportedFileError: Phrase does not know the file type.
        """
        missing = [lang for lang in target_langs if lang not in present]
        created = self._create_missing(source, missing) if missing else {}
        return [self._row(source, lang, (present | created)[lang]) for lang in target_langs]

    def _create_missing(self, source: SourceFile, missing: Sequence[str]) -> Parts:
        return do_and_settle(
            f"uploading {source.relative_path} for {', '.join(missing)}",
            partial(self._all_arrived, source, missing),
            partial(self._upload, source, missing),
        )

    def _upload(self, source: SourceFile, target_langs: Sequence[str]) -> Parts:
        request = self._request(source, target_langs)
        created = self._client.jobs.create(self._project["uid"], request, lambda: open_source(source.path))
        if source.name in (created.get("unsupportedFiles") or []) or not created.get("jobs"):
            raise PhraseUnsupportedFileError(
                f"Phrase cannot import {source.relative_path}: it does not know this file type",
                hint="Convert the file, or leave it out of the source. Nothing was charged for it.",
            )
        self._log.info("Uploaded %s for %s.", source.relative_path, ", ".join(target_langs))
        parts = self._highest(created["jobs"])
        if len(parts) < len(target_langs):
            # The answer need not show every part; the list does.
            parts = self._arrived(source, target_langs) | parts
        self._require_all(source, target_langs, parts)
        return parts

    def _require_all(self, source: SourceFile, target_langs: Sequence[str], parts: Parts) -> None:
        if lost := [lang for lang in target_langs if lang not in parts]:
            raise PhraseServerError(
                f"Phrase took {source.relative_path} but shows no job for {', '.join(lost)}",
                hint="Look into the project in Phrase; this task looks again when it is retried.",
            )

    def _request(self, source: SourceFile, target_langs: Sequence[str]) -> JobRequest:
        return JobRequest(
            filename=source.name,
            target_langs=target_langs,
            folder=source.folder,
            use_project_import_settings=self._options.use_project_import_settings,
            import_settings_uid=self._options.import_settings_uid,
            due=self._options.due,
            workflow_step_ids=[str(step["id"]) for step in self._project.get("workflowSteps") or []],
            pre_translate=self._options.pre_translate,
            source_data=self._client.session.settings.source_data,
        )

    def _present(self, source: SourceFile, target_langs: Sequence[str]) -> Parts:
        # Phrase compares names exactly, and an accent may be composed otherwise there.
        filename = source.name if source.name.isascii() else None
        listed = self._client.jobs.list(self._project["uid"], levels=[self._level], filename=filename)
        same = [part for part in listed if _is_of(part, source)]
        return {lang: part for lang, part in self._highest(same).items() if lang in target_langs}

    def _arrived(self, source: SourceFile, target_langs: Sequence[str]) -> Parts:
        """What failed to be imported is of an upload before."""
        return {lang: part for lang, part in self._present(source, target_langs).items() if not _failed(part)}

    def _all_arrived(self, source: SourceFile, target_langs: Sequence[str]) -> Parts | None:
        found = self._arrived(source, target_langs)
        return found if len(found) == len(target_langs) else None

    def _highest(self, parts: Sequence[dict[str, Any]]) -> Parts:
        """Keep the part of the last step for each language: the first good import, or the last failed one."""
        good = [part for part in parts if not _failed(part)]
        failed = [part for part in parts if _failed(part)]
        highest: Parts = {}
        for part in [*good, *reversed(failed)]:
            if level_of(part) == self._level:
                highest.setdefault(part["targetLang"], part)
        return highest

    def _is_same_source(self, source: SourceFile, present: Parts) -> bool:
        part = next(iter(present.values()))
        with self._client.jobs.original(self._project["uid"], part["uid"]) as pieces:
            uploaded = fingerprint(pieces)
        if uploaded != checksum(source.path):
            return False
        self._log.info("%s is in Phrase already; it is not uploaded again.", source.relative_path)
        return True

    def _row(self, source: SourceFile, target_lang: str, part: dict[str, Any]) -> dict[str, Any]:
        return {
            "project_uid": self._project["uid"],
            "job_uid": part["uid"],
            "target_lang": target_lang,
            "source": source.path,
            "relative_path": source.relative_path,
        }


def _failed(part: dict[str, Any]) -> bool:
    return import_state(part) == "ERROR"


def _is_of(part: dict[str, Any], source: SourceFile) -> bool:
    folder = (part.get("originalFileDirectory") or "").strip("/")
    return _same_name(part.get("filename") or "", source.name) and _same_name(folder, source.folder)


def _same_name(one: str, other: str) -> bool:
    # File systems disagree on how an accent is composed.
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
