"""The plan of a run for content that never ends: what has changed since the manifest was written."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.fingerprints import Fingerprints
from phrase_provider.files.names import require_target_name, shown
from phrase_provider.files.plan import check_limit
from phrase_provider.files.sources import require_distinct, search_sources
from phrase_provider.files.storage import is_local, join
from phrase_provider.files.target_checks import check_collisions, check_not_sources
from phrase_provider.files.targets import check_targets
from phrase_provider.files.words import estimate_words
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.changes.deleted_sources import deleted_sources, require_few
from phrase_provider.services.tms.changes.source_comparison import SourceComparison
from phrase_provider.services.tms.parallel import each_in_parallel
from phrase_provider.text import composed, counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from phrase_provider.files.fingerprints import Fingerprint
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.files.target_naming import TargetNaming
    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.changes.deleted_sources import SourceSelection
    from phrase_provider.services.tms.changes.source_changes import ChangeKind, SourceChange


class Limits(NamedTuple):
    """
    How large a run may be.

    :param max_files: files that are new, changed or wanted in more languages.
    :param max_words: their words times the languages to be sent.
    :param max_deleted_percent: see :func:`~phrase_provider.services.tms.changes.deleted_sources.require_few`.
    """

    max_files: int
    max_words: int
    max_deleted_percent: float


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """
    What a run has to do.

    :param base: folder from which relative paths start.
    :param changes: of all kinds; the deleted ones are the last.
    :param files: sources that were found.
    :param read: how many of them were read.
    """

    base: str
    changes: list[SourceChange]
    files: list[SourceFile]
    read: int

    def of_kind(self, kind: ChangeKind) -> list[SourceChange]:
        """Return the changes of a kind."""
        return [change for change in self.changes if change["kind"] == kind]

    @property
    def open(self) -> set[ManifestKey]:
        """Keys of what is in Phrase as it is, and not delivered."""
        return {
            ManifestKey(composed(change["relative_path"]), lang)
            for change in self.changes
            for lang in change["open_langs"]
        }

    @property
    def to_send(self) -> list[SourceChange]:
        """Changes for which something is sent to Phrase."""
        return [change for change in self.changes if change["kind"] in ("new", "changed", "languages")]

    @property
    def words(self) -> int:
        """Estimated words times languages of what is to be sent."""
        return sum((change["words"] or 0) * len(change["target_langs"]) for change in self.to_send)


class ChangePlanner:
    """
    Compares the sources of a run with the manifest; sends nothing, and writes nothing but its own memory.

    :param manifest: of earlier runs.
    :param lines: that it has now.
    :param selection: the sources.
    :param target_langs: Phrase codes.
    :param naming: of the targets.
    :param retry_failed: make new jobs in the place of those whose import failed or that were deleted.
    """

    def __init__(
        self,
        manifest: Manifest,
        lines: Mapping[ManifestKey, ManifestLine],
        selection: SourceSelection,
        target_langs: Sequence[str],
        naming: TargetNaming,
        *,
        retry_failed: bool = False,
    ) -> None:
        self._manifest = manifest
        self._lines = lines
        self._selection = selection
        self._target_langs = target_langs
        self._naming = naming
        self._retry_failed = retry_failed

    def plan(self, reopened: Collection[ManifestKey], limits: Limits) -> ChangePlan:
        """
        Return what is to be done.

        Reads each source once, or not at all where its store says that it is as it was.

        :param reopened: keys of what was completed again.
        :param limits: of the run.
        :raises PhraseInputError: a source, language, name or target cannot be used, or the base is another.
        :raises PhrasePlanLimitError: a limit is exceeded.
        """
        files = search_sources(**self._selection._asdict()).files
        require_distinct(files)
        base = self._require_base(files)
        self._require_apart(files)
        comparison = SourceComparison(
            self._lines, self._target_langs, reopened, retry_failed=self._retry_failed
        )
        _require_checksums(comparison.without_checksum(files))
        fingerprints = Fingerprints(join(self._manifest.parts_folder, "checksums.cache"))
        changes = sorted(self._compare(files, comparison, fingerprints), key=itemgetter("path"))
        deleted = deleted_sources(comparison.gone(files), self._selection)
        if deleted:
            require_few(deleted, comparison.count_known(), limits.max_deleted_percent)
        self._check_targets(files, changes)
        plan = ChangePlan(base, [*changes, *deleted], files, fingerprints.read)
        check_limit("files to be sent", len(plan.to_send), "max_files", limits.max_files)
        check_limit("estimated words times languages to be sent", plan.words, "max_words", limits.max_words)
        fingerprints.save()
        return plan

    def _compare(
        self, files: Sequence[SourceFile], comparison: SourceComparison, fingerprints: Fingerprints
    ) -> list[SourceChange]:
        changes = []
        for file, found in _look_at(files, comparison, fingerprints):
            change = comparison.compare(file, found, self._naming.paths(file))
            if change is None:
                continue
            if change["words"] is None and change["target_langs"]:
                change["words"] = estimate_words(file)
            changes.append(change)
        return changes

    def _require_base(self, files: Iterable[SourceFile]) -> str:
        bases = {file.base for file in files}
        base = bases.pop()
        if bases or not base:
            raise PhraseInputError(
                "The sources have no base in common", hint="Set base, or use a manifest for each store."
            )
        known = {line["base"] for line in self._lines.values() if line.get("base")}
        if known and _form(base) not in map(_form, known):
            raise PhraseInputError(
                f"The manifest counts folders from {shown(min(known))}, this run from {shown(base)}: each "
                "file would be another one, and charged again",
                hint=f"Nothing was sent. Set base to {shown(min(known))}, or use another manifest and batch "
                "id.",
            )
        return base

    def _require_apart(self, files: Iterable[SourceFile]) -> None:
        beside = ("", ".d/part.jsonl", ".runs/run/changes.jsonl", ".updates/file.json")
        paths = [f"{self._manifest.location}{suffix}" for suffix in beside]
        check_not_sources(
            self._selection.source, self._selection.exclude, files, paths, what="manifest's file"
        )

    def _check_targets(self, files: Sequence[SourceFile], changes: Iterable[SourceChange]) -> None:
        """Check the targets that no earlier run has written, against all others."""
        fresh = [path for change in changes for path in self._fresh_targets(change)]
        if not fresh:
            return
        for path in fresh:
            require_target_name(path)
        paths = {(file, code): path for file in files for code, path in self._naming.paths(file).items()}
        check_collisions(files, paths)
        check_not_sources(self._selection.source, self._selection.exclude, files, fresh)
        check_targets(fresh)

    def _fresh_targets(self, change: SourceChange) -> list[str]:
        source = composed(change["relative_path"])
        known = {lang: self._lines.get(ManifestKey(source, lang)) for lang in change["targets"]}
        return [
            path
            for lang, path in change["targets"].items()
            if (line := known[lang]) is None or line.get("target_path") != path
        ]


def _look_at(
    files: Sequence[SourceFile], comparison: SourceComparison, fingerprints: Fingerprints
) -> Iterable[tuple[SourceFile, Fingerprint]]:
    """Yield files with their fingerprints, in any order."""

    def look(file: SourceFile) -> Fingerprint:
        return fingerprints.of(file, comparison.checksums(file))

    if all(is_local(file.path) for file in files):
        return ((file, look(file)) for file in files)
    # A store takes its time for each file, and has it for many.
    return each_in_parallel(look, files)


def _require_checksums(without: Sequence[str]) -> None:
    if without:
        raise PhraseInputError(
            f"The manifest has no checksum of what Phrase has of {counted(len(without), 'source file')}, the "
            f"first is {shown(without[0])}",
            hint="Make it anew with checksums: python -m phrase_provider manifest rebuild --checksums.",
        )


def _form(base: str) -> str:
    return composed(base).rstrip("/")
