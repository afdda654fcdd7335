"""The comparison of source files with a manifest: what is to be sent, and what is only to be taken home."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.states import ENDED, is_delivered
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from phrase_provider.files.fingerprints import Fingerprint
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.services.tms.changes.source_changes import ChangeKind, KnownJob, SourceChange

_CANCELLED = "CANCELLED"
# Jobs that nothing can be made of any more.
_LOST = ENDED - {_CANCELLED}


class _Work(NamedTuple):
    """
    What is to be done about a file, by language.

    :param create: has no job.
    :param update: its job has other content.
    :param open: its job has this content, which is not delivered where it is wanted.
    """

    create: list[str]
    update: list[str]
    open: list[str]


class SourceComparison:
    """
    Compares source files with the lines of a manifest.

    :param lines: of the manifest.
    :param target_langs: Phrase codes that the run wants.
    :param reopened: keys of what is completed in Phrase again after it was delivered or cancelled.
    :param retry_failed: make new jobs in the place of those whose import failed or that were deleted, though
        the content is the same.
    """

    def __init__(
        self,
        lines: Mapping[ManifestKey, ManifestLine],
        target_langs: Sequence[str],
        reopened: Collection[ManifestKey] = frozenset(),
        *,
        retry_failed: bool = False,
    ) -> None:
        self._target_langs = target_langs
        self._reopened = reopened
        self._retry_failed = retry_failed
        self._by_source: dict[str, dict[str, ManifestLine]] = {}
        self._without_checksum: set[str] = set()
        for key, line in lines.items():
            self._by_source.setdefault(key.source, {})[key.target_lang] = line
            if not line.get("sha256") and _has_job(line):
                self._without_checksum.add(key.source)

    def checksums(self, file: SourceFile) -> set[str | None]:
        """Return the checksums of the contents that the jobs of a file have."""
        return {line.get("sha256") for line in self._lines_of(file).values()}

    def without_checksum(self, files: Iterable[SourceFile]) -> list[str]:
        """Return the sources that have a job of which nobody noted the content."""
        if not self._without_checksum:
            return []
        return [
            file.relative_path for file in files if composed(file.relative_path) in self._without_checksum
        ]

    def compare(
        self, file: SourceFile, found: Fingerprint, targets: Mapping[str, str]
    ) -> SourceChange | None:
        """
        Return what is to be done about a file; None: nothing.

        :param file: as it was found.
        :param found: its content.
        :param targets: path of the target by language.
        """
        lines = self._lines_of(file)
        work = self._work(composed(file.relative_path), lines, found.sha256, targets)
        if not any(work):
            return None
        concerned = {*work.create, *work.update, *work.open}
        jobs = _jobs(lines, without=work.create)
        return {
            "kind": _kind(work, is_known=bool(jobs)),
            "path": file.path,
            "relative_path": file.relative_path,
            "base": file.base,
            "size": file.size,
            "sha256": found.sha256,
            "words": found.words if found.words is not None else _words(lines.values(), found.sha256),
            "target_langs": [lang for lang in self._target_langs if lang in {*work.create, *work.update}],
            "open_langs": work.open,
            "targets": {lang: path for lang, path in targets.items() if lang in concerned},
            "jobs": jobs,
        }

    def gone(self, found: Iterable[SourceFile]) -> Iterator[SourceChange]:
        """
        Yield the sources that the manifest has and that were not found, sorted.

        :param found: all that were found.
        """
        there = {composed(file.relative_path) for file in found}
        for source in sorted(self._by_source.keys() - there):
            lines = self._by_source[source]
            if known := {lang: line for lang, line in lines.items() if not line.get("deleted_at")}:
                yield _gone(source, known)

    def count_known(self) -> int:
        """Return how many sources the manifest has that are not deleted."""
        return sum(
            not all(line.get("deleted_at") for line in lines.values()) for lines in self._by_source.values()
        )

    def _lines_of(self, file: SourceFile) -> Mapping[str, ManifestLine]:
        return self._by_source.get(composed(file.relative_path), {})

    def _work(
        self, source: str, lines: Mapping[str, ManifestLine], sha256: str, targets: Mapping[str, str]
    ) -> _Work:
        work = _Work([], [], [])
        for lang in self._target_langs:
            line = lines.get(lang)
            is_reopened = bool(self._reopened) and ManifestKey(source, lang) in self._reopened
            if line and not is_reopened and _is_up_to_date(line, sha256, targets[lang]):
                continue
            if line is None or not _has_job(line):
                work.create.append(lang)
            elif line.get("status") in ENDED and not is_reopened:
                if self._is_to_be_made_again(line, sha256):
                    work.create.append(lang)
            elif line.get("sha256") != sha256:
                work.update.append(lang)
            elif is_reopened or not _is_at(line, targets[lang]):
                work.open.append(lang)
        return work

    def _is_to_be_made_again(self, line: ManifestLine, sha256: str) -> bool:
        """Return whether a job that has ended is to be followed by another: not if people cancelled it."""
        if line.get("deleted_at"):
            return True
        return line.get("status") != _CANCELLED and (self._retry_failed or line.get("sha256") != sha256)


def _kind(work: _Work, *, is_known: bool) -> ChangeKind:
    if work.update:
        return "changed"
    if work.create:
        return "languages" if is_known else "new"
    return "open"


def _has_job(line: ManifestLine) -> bool:
    return bool(line.get("job_uid") and line.get("project_uid"))


def _is_up_to_date(line: ManifestLine, sha256: str, target: str) -> bool:
    """Return whether nothing is to be done, as for most lines of most runs."""
    return line.get("sha256") == sha256 and _is_at(line, target) and not line.get("deleted_at")


def _is_at(line: ManifestLine, target: str) -> bool:
    """Return whether the translation is where it is wanted."""
    return is_delivered(line) and line.get("target_path") == target and not line.get("error")


def _words(lines: Iterable[ManifestLine], sha256: str) -> int | None:
    return next((line["words"] for line in lines if line.get("sha256") == sha256 and line.get("words")), None)


def _jobs(lines: Mapping[str, ManifestLine], without: Collection[str] = ()) -> dict[str, KnownJob]:
    return {
        lang: {"project_uid": line["project_uid"], "job_uid": str(line["job_uid"])}
        for lang, line in lines.items()
        if _has_job(line) and line.get("status") not in _LOST and lang not in without
    }


def _gone(source: str, lines: Mapping[str, ManifestLine]) -> SourceChange:
    some = next(iter(lines.values()))
    return {
        "kind": "deleted",
        "path": some.get("path", ""),
        "relative_path": source,
        "base": some.get("base", ""),
        "size": some.get("size", 0),
        "sha256": some.get("sha256", ""),
        "words": None,
        "target_langs": sorted(lines),
        "open_langs": [],
        "targets": {
            lang: str(line["target_path"]) for lang, line in lines.items() if line.get("target_path")
        },
        "jobs": _jobs(lines),
    }
