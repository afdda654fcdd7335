"""The lines of a manifest made anew from Phrase's projects: Phrase is the truth, the manifest an index."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.fields import text
from phrase_provider.api.tms.job_parts import (
    created_at,
    job_number,
    owner_of,
    target_lang_of,
)
from phrase_provider.api.tms.job_status import JobStatus, least_far
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.languages import format_language
from phrase_provider.files.sources import SourceFile, checksum
from phrase_provider.files.storage import filesystem, join
from phrase_provider.files.target_naming import name_target
from phrase_provider.files.words import estimate_words
from phrase_provider.manifest.lines import ManifestKey, key_of, written_at
from phrase_provider.services.tms.bases import known_base
from phrase_provider.services.tms.contents import Contents
from phrase_provider.services.tms.job_search import failed, path_of
from phrase_provider.services.tms.markers import read_markers
from phrase_provider.services.tms.outcomes import IMPORT_FAILED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPartReferenceV2
    from phrase_provider.files.languages import LanguageFormat
    from phrase_provider.manifest.lines import ManifestFacts, ManifestLine
    from phrase_provider.waiting.conditions import Logger

#: What lines say who wrote them.
RUN = "rebuild"


class TargetPlace(NamedTuple):
    """
    Where targets are, as the runs name them.

    :param folder: local folder or URL.
    :param naming: path below it.
    :param language_format: how ``{lang}`` is written.
    """

    folder: str
    naming: str
    language_format: LanguageFormat


class ManifestRebuild:
    """
    Makes the lines of a manifest from projects.

    Of several jobs of a file in a language, in whatever projects, the newest counts. What can be reached of
    sources and targets is looked at: words of a source whose content is that of its job, the checksum of a
    target. A job that Phrase calls ``DELIVERED`` counts as delivered from now on, unless its target should be
    there and is not.

    :param client: of the connection.
    :param log: gets a line for each project.
    :param with_checksums: whether the content of each source is downloaded from Phrase to know its checksum;
        without, the next plan of changes refuses the manifest.
    :param targets: where they are; None: not known, so that the next run takes all of them home again.
    :param base: folder of the sources, for projects that do not tell it.
    """

    def __init__(
        self,
        client: TmsClient,
        log: Logger,
        *,
        with_checksums: bool,
        targets: TargetPlace | None = None,
        base: str | None = None,
    ) -> None:
        self._client = client
        self._log = log
        self._with_checksums = with_checksums
        self._targets = targets
        self._base = base
        self._at = written_at()
        self._source_facts = cache(_source_facts)

    def lines(self, project_uids: Iterable[str]) -> list[ManifestLine]:
        """
        Return a line for each file and language.

        Source: ``GET /api2/v1/projects/{projectUid}`` and ``GET /api2/v2/projects/{projectUid}/jobs`` for
        each project; with checksums, ``GET …/jobs/{jobUid}/original`` for each uploaded file.

        :param project_uids: uids.
        :raises PhraseNotFoundError: one of them does not exist.
        """
        newest: dict[ManifestKey, tuple[tuple[str, int], ManifestLine]] = {}
        for project_uid in dict.fromkeys(project_uids):
            found = list(self._of_project(project_uid))
            self._log.info("Project %s: %s files times languages.", project_uid, len(found))
            for age, line in found:
                known = newest.get(key_of(line))
                if known is None or known[0] <= age:
                    newest[key_of(line)] = age, line
        return [line for _, line in newest.values()]

    def _of_project(self, project_uid: str) -> Iterator[tuple[tuple[str, int], ManifestLine]]:
        project = self._client.projects.get(project_uid)
        level = workflow_levels(project)[-1]
        base = known_base(project) or self._base
        checksums = Contents(self._client, project_uid).of_upload if self._with_checksums else None
        for parts in _newest_jobs(self._client.jobs.list(project_uid, levels=[level])):
            yield _age(parts[0]), self._line(project_uid, parts, base, checksums)

    def _line(
        self,
        project_uid: str,
        parts: Sequence[JobPartReferenceV2],
        base: str | None,
        checksums: Callable[[JobPartReferenceV2], str] | None,
    ) -> ManifestLine:
        part = parts[0]
        line: ManifestLine = {
            "source": path_of(part),
            "target_lang": target_lang_of(part),
            "at": self._at,
            "run": RUN,
            "project_uid": project_uid,
            "job_uid": part["uid"],
            "status": _status(parts),
            "updated_at": created_at(part) or None,
        }
        if checksums:
            line["sha256"] = checksums(part)
        if base:
            line |= {"base": base, "path": join(base, line["source"])}
            line = {**line, **self._source_facts(line["path"], line["source"], line.get("sha256"))}
        return {**line, **self._target_facts(line)}

    def _target_facts(self, line: ManifestLine) -> ManifestFacts:
        facts: ManifestFacts = {}
        path = self._target_path(line)
        there = path is not None and _exists(path)
        if path and there:
            facts |= {"target_path": path, "target_sha256": checksum(path)}
        if line["status"] == JobStatus.DELIVERED and (there or path is None):
            facts["delivered_at"] = self._at
            facts["target_source_sha256"] = line.get("sha256")
        return facts

    def _target_path(self, line: ManifestLine) -> str | None:
        if self._targets is None:
            return None
        folder, naming, language_format = self._targets
        return name_target(
            line["source"], format_language(line["target_lang"], language_format), folder, naming
        )


def batch_projects(client: TmsClient, batch_id: str) -> list[str]:
    """
    Return the uids of the projects that this package made for a batch, those of its rotation included.

    Source: ``GET /api2/v1/projects``, and ``GET /api2/v1/projects/{projectUid}`` for each that it lists.

    :param client: of the connection.
    :param batch_id: as the runs are given it.
    :raises PhraseInputError: there is none.
    """
    pattern = re.compile(rf"(?<!\w){re.escape(batch_id)}(-\d+|-\d{{4}}-\d\d)?(?![\w-])")
    named = [
        project["uid"]
        for project in client.projects.list(batch_id, archived=True)
        if pattern.search(project.get("name") or "")
    ]
    marked = [uid for uid in named if read_markers(client.projects.get(uid).get("note"))]
    if not marked:
        raise PhraseInputError(
            f"Phrase has no project that this package made for batch {batch_id!r}",
            hint="Check the batch id, or name the projects by their uid.",
        )
    return marked


def _newest_jobs(parts: Iterable[JobPartReferenceV2]) -> list[list[JobPartReferenceV2]]:
    """Return all parts of the newest job of each file and language."""
    jobs: dict[tuple[str, str], dict[int, list[JobPartReferenceV2]]] = {}
    for part in parts:
        jobs.setdefault((path_of(part), target_lang_of(part)), {}).setdefault(job_number(part), []).append(
            part
        )
    return [max(several.values(), key=lambda job: _age(job[0])) for several in jobs.values()]


def _age(part: JobPartReferenceV2) -> tuple[str, int]:
    return created_at(part), job_number(part)


def _status(parts: Sequence[JobPartReferenceV2]) -> str:
    if any(map(failed, parts)):
        return IMPORT_FAILED
    return least_far(text(part, "status", owner_of(part)) for part in parts)


def _source_facts(path: str, source: str, sha256: str | None) -> ManifestFacts:
    """Return size and words of a source that can be reached and has the content of its job."""
    if sha256 is None or not _exists(path) or checksum(path) != sha256:
        return {}
    fs, inner = filesystem(path)
    size = fs.info(inner)["size"]
    return {"size": size, "words": estimate_words(SourceFile(path, source, size))}


def _exists(path: str) -> bool:
    fs, inner = filesystem(path)
    return fs.isfile(inner)
