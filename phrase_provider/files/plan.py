"""The plan: which target files a run would make, and how many words it would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhrasePlanLimitError
from phrase_provider.files.file_types import suffix_of, unknown_types
from phrase_provider.files.languages import unique_targets
from phrase_provider.files.names import require_target_name, shown
from phrase_provider.files.sources import SourceFile, search_sources
from phrase_provider.files.target_checks import check_collisions, check_not_sources
from phrase_provider.files.target_naming import (
    DEFAULT_LANGUAGE_FORMAT,
    DEFAULT_TARGET_NAMING,
    TargetNaming,
)
from phrase_provider.files.targets import check_targets
from phrase_provider.files.words import estimate_words
from phrase_provider.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phrase_provider.files.exclusion import LeftOut
    from phrase_provider.files.file_types import FileWarning
    from phrase_provider.files.languages import LanguageFormat
    from phrase_provider.files.plan_items import PlanItem

DEFAULT_MAX_FILES = 200
DEFAULT_MAX_WORDS = 100_000

_SHOWN_FILES = 50


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """
    One source file in one target language.

    :param target_lang: Phrase's code.
    :param target_path: absolute local path or URL.
    :param words: estimated words of the source.
    """

    source: SourceFile
    target_lang: str
    target_path: str
    words: int


@dataclass(frozen=True, slots=True)
class Plan:
    """
    All targets of a run, by source and language.

    :param targets: what is made.
    :param left_out: files that the source names and that are not taken, with the reason.
    :param max_words: the limit that the plan was made with; it counts again when the files are uploaded.
    """

    targets: tuple[PlannedTarget, ...]
    left_out: tuple[LeftOut, ...] = ()
    max_words: int = DEFAULT_MAX_WORDS

    @property
    def sources(self) -> list[SourceFile]:
        return list(dict.fromkeys(target.source for target in self.targets))

    @property
    def target_langs(self) -> list[str]:
        """Phrase's codes, in the order given."""
        return list(dict.fromkeys(target.target_lang for target in self.targets))

    @property
    def words(self) -> int:
        """Estimated words times languages."""
        return sum(target.words for target in self.targets)

    @property
    def warnings(self) -> list[FileWarning]:
        """Files that Phrase may not take; their words are counted all the same."""
        return list(unknown_types(self.sources))

    def as_dict(self) -> dict[str, object]:
        """
        Write the plan as plain JSON data.

        :return: ``base`` (folder of the relative paths; None where sources of several stores have one
            each), ``sources`` (each :class:`SourceFile`, its ``base`` and ``words``), ``targets`` (path of
            the ``source``, ``target_lang``, ``target_path``), ``left_out`` and ``warnings`` (each
            ``path``, ``reason``) and ``totals`` (``files``, ``languages``, ``targets``, ``words``).
        """
        words = {target.source: target.words for target in self.targets}
        bases = {source.base for source in words}
        return {
            "base": bases.pop() if len(bases) == 1 else None,
            "sources": [
                {**source.as_dict(), "base": source.base, "words": count} for source, count in words.items()
            ],
            "targets": [
                {"source": t.source.path, "target_lang": t.target_lang, "target_path": t.target_path}
                for t in self.targets
            ],
            "left_out": [left_out._asdict() for left_out in self.left_out],
            "warnings": [warning._asdict() for warning in self.warnings],
            "totals": {
                "files": len(words),
                "languages": len(self.target_langs),
                "targets": len(self.targets),
                "words": self.words,
            },
        }

    def by_source(self) -> list[PlanItem]:
        """
        Write an item for each file: :class:`SourceFile`, ``base``, ``words``, ``targets`` by language.

        Each has the plan's ``max_words``, too: it counts again when the files are uploaded.
        """
        items: dict[SourceFile, PlanItem] = {}
        for target in self.targets:
            item = items.setdefault(target.source, _planned(target, self.max_words))
            item["targets"][target.target_lang] = target.target_path
        return list(items.values())

    def table(self) -> str:
        """Return the plan as text for people: file, words, language and target path, then the totals."""
        rows = [("File", "Words", "Language", "Target")]
        rows += [
            (shown(t.source.relative_path), f"{t.words:,}", t.target_lang, shown(t.target_path))
            for t in self.targets
        ]
        file, words, language = (max(map(len, column)) for column in list(zip(*rows, strict=True))[:3])
        lines = [f"{f:<{file}}  {w:>{words}}  {lang:<{language}}  {path}" for f, w, lang, path in rows]
        counts = {"file": len(self.sources), "language": len(self.target_langs), "target": len(self.targets)}
        total = ", ".join(counted(count, noun) for noun, count in counts.items())
        lines += _left_out_lines(self.left_out)
        lines += _warning_lines(self.warnings)
        return "\n".join([*lines, f"Total: {total}, about {counted(self.words, 'word')}"])


def make_plan(
    source: str | Sequence[str],
    target_langs: str | Sequence[str],
    target_folder: str,
    *,
    target_naming: str = DEFAULT_TARGET_NAMING,
    language_format: LanguageFormat = DEFAULT_LANGUAGE_FORMAT,
    base: str | None = None,
    exclude: str | Sequence[str] | None = None,
    skip_empty: bool = False,
    max_files: int = DEFAULT_MAX_FILES,
    max_words: int = DEFAULT_MAX_WORDS,
) -> Plan:
    """
    Return the plan of a run: find sources, name targets, estimate words, check that targets can be written.

    Reads each source once, writes and sends nothing.

    :param source: as in :func:`~phrase_provider.files.sources.find_sources`.
    :param target_langs: in any form that :func:`~phrase_provider.files.languages.to_phrase` accepts.
    :param target_folder: local folder or URL; need not exist.
    :param target_naming: as in :class:`~phrase_provider.files.target_naming.TargetNaming`.
    :param language_format: the same.
    :param base: folder from which relative paths start.
    :param exclude: globs of files to leave out, see :class:`~phrase_provider.files.exclusion.Exclusion`.
    :param skip_empty: leave out empty files, which are refused otherwise.
    :param max_files: source files that a run may have.
    :param max_words: words times languages that a run may have; Phrase charges them at upload.
    :raises PhraseInputError: a source, language, name or target cannot be used.
    :raises PhrasePlanLimitError: a limit is exceeded.
    """
    codes = unique_targets(target_langs)
    naming = TargetNaming(codes, target_folder, target_naming, language_format)
    sources, left_out = search_sources(source, base=base, exclude=exclude, skip_empty=skip_empty)
    check_limit("source files", len(sources), "max_files", max_files)
    paths = {(file, code): path for file in sources for code, path in naming.paths(file).items()}
    for path in paths.values():
        require_target_name(path)
    check_collisions(sources, paths)
    check_not_sources(source, exclude, sources, paths.values())
    check_targets(paths.values())
    words = {file: estimate_words(file) for file in sources}
    check_limit("estimated words times languages", sum(words.values()) * len(codes), "max_words", max_words)
    targets = (PlannedTarget(file, code, path, words[file]) for (file, code), path in paths.items())
    return Plan(tuple(targets), tuple(left_out), max_words)


def _left_out_lines(left_out: Sequence[LeftOut]) -> Iterator[str]:
    for file in left_out[:_SHOWN_FILES]:
        yield f"Left out: {shown(file.path)} ({file.reason})"
    if len(left_out) > _SHOWN_FILES:
        yield f"Left out: {len(left_out) - _SHOWN_FILES:,} more"


def _warning_lines(warnings: Sequence[FileWarning]) -> Iterator[str]:
    for file in warnings[:_SHOWN_FILES]:
        suffix = shown(suffix_of(file.path))
        yield f"Warning: {shown(file.path)}: Phrase is not known to take {suffix} files"
    if len(warnings) > _SHOWN_FILES:
        yield f"Warning: {len(warnings) - _SHOWN_FILES:,} more files that Phrase is not known to take"


def _planned(target: PlannedTarget, max_words: int) -> PlanItem:
    source = target.source
    return {
        **source.as_dict(),
        "base": source.base,
        "words": target.words,
        "max_words": max_words,
        "targets": {},
    }


def check_limit(what: str, figure: int, argument: str, limit: int) -> None:
    """
    Check that a plan is not larger than meant.

    :param what: is counted.
    :param figure: of the plan.
    :param argument: that sets the limit.
    :param limit: most.
    :raises PhrasePlanLimitError: the figure exceeds it.
    """
    if figure > limit:
        raise PhrasePlanLimitError(
            f"The plan has {figure:,} {what}, the limit is {limit:,}",
            hint=f"Choose fewer files or languages, or raise {argument}.",
        )
