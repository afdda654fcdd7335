"""Sources that are gone: told apart from those that a run leaves out, and never too many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.exceptions import PhrasePlanLimitError
from phrase_provider.files.exclusion import Exclusion
from phrase_provider.files.globs import SourceGlobs
from phrase_provider.files.names import shown
from phrase_provider.files.storage import filesystem, join, locate
from phrase_provider.manifest.lines import ManifestKey, renewed, written_at
from phrase_provider.manifest.states import ENDED
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from phrase_provider.files.sources import SourceFile
    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.services.tms.changes.source_changes import SourceChange

#: So many sources may always go.
FEW = 10
#: Beyond them, so many of a hundred.
DEFAULT_MAX_PERCENT = 20


class SourceSelection(NamedTuple):
    """
    What a run takes for its sources, as :func:`~phrase_provider.files.sources.search_sources` does.

    :param source: paths, URLs, globs.
    :param base: folder from which relative paths start.
    :param exclude: globs of what is left out.
    :param skip_empty: leave out empty files.
    """

    source: str | Sequence[str]
    base: str | None = None
    exclude: str | Sequence[str] | None = None
    skip_empty: bool = False


def deleted_sources(gone: Iterable[SourceChange], selection: SourceSelection) -> list[SourceChange]:
    """
    Return those that are deleted: a glob would find them, nothing excludes them, and they are not there.

    Looks for each in its store.

    :param gone: what the manifest has and the run did not find.
    :param selection: of the run.
    """
    globs, exclusion = SourceGlobs(selection.source), Exclusion(selection.exclude)
    return [
        change
        for change in gone
        if globs.matching(_place(change))
        and not exclusion.matches(_place(change), change["relative_path"])
        and not _exists(_place(change))
    ]


def require_few(deleted: Sequence[SourceChange], known: int, max_percent: float) -> None:
    """
    Refuse to go on when so many sources are gone that something else is wrong.

    :param deleted: sources.
    :param known: sources that the manifest has.
    :param max_percent: how many of a hundred may be gone; :data:`FEW` always may.
    :raises PhrasePlanLimitError: more are gone.
    """
    if len(deleted) <= max(FEW, known * max_percent / 100):
        return
    raise PhrasePlanLimitError(
        f"{len(deleted):,} of {known:,} known source files are gone, the first is "
        f"{shown(_place(deleted[0]))}; the limit is {max_percent:g} percent",
        hint="Nothing was sent. See that the sources are all there and the glob is right. If they are meant "
        "to be gone, raise max_deleted_percent for one run.",
    )


def deletion_lines(
    deleted: Iterable[SourceChange], lines: Mapping[ManifestKey, ManifestLine], run: str
) -> Iterator[ManifestLine]:
    """
    Yield lines that say that sources are gone, for a run that does no more about them.

    :param deleted: sources.
    :param lines: of the manifest.
    :param run: that writes them.
    """
    for change in deleted:
        for lang in change["target_langs"]:
            line = lines[ManifestKey(change["relative_path"], lang)]
            yield renewed(line, run, {"deleted_at": written_at()})


def return_lines(
    files: Iterable[SourceFile], lines: Mapping[ManifestKey, ManifestLine], run: str
) -> Iterator[ManifestLine]:
    """
    Yield lines that say that sources are there again whose jobs have not ended.

    :param files: that were found.
    :param lines: of the manifest.
    :param run: that writes them.
    """
    there = {composed(file.relative_path) for file in files}
    for key, line in lines.items():
        if line.get("deleted_at") and key.source in there and line.get("status") not in ENDED:
            yield renewed(line, run, {"deleted_at": None})


def _place(change: SourceChange) -> str:
    return change["path"] or join(locate(change["base"]), change["relative_path"])


def _exists(path: str) -> bool:
    fs, inner = filesystem(path)
    return fs.exists(inner)
