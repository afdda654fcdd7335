"""Checks of a plan's targets against each other and against its sources, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.exclusion import Exclusion
from phrase_provider.files.globs import SourceGlobs
from phrase_provider.files.names import shown
from phrase_provider.files.storage import identities, join, parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from phrase_provider.files.sources import SourceFile


def check_not_sources(
    source: str | Sequence[str],
    exclude: str | Sequence[str] | None,
    sources: Iterable[SourceFile],
    paths: Iterable[str],
    what: str = "target",
) -> None:
    """
    Check that the next run would not take what runs write for a source.

    :param source: as in :func:`~phrase_provider.files.sources.search_sources`.
    :param exclude: the same.
    :param sources: what was found.
    :param paths: of what runs write.
    :param what: it is, for the message.
    :raises PhraseInputError: a glob of the source would find one.
    """
    globs = SourceGlobs(source)
    for path in _taken(paths, {join(file.base, "") for file in sources}, Exclusion(exclude)):
        if pattern := globs.matching(path):
            raise PhraseInputError(
                f"The {what} {shown(path)} matches the source {shown(pattern)}: the next run would take it "
                "for a source",
                hint="Choose a place for it outside of the source, or a narrower glob.",
            )


def check_collisions(sources: Iterable[SourceFile], paths: Mapping[tuple[SourceFile, str], str]) -> None:
    """
    Check that each target has a place of its own, however links lead.

    :param sources: none of them may be overwritten.
    :param paths: by source and language.
    :raises PhraseInputError: two targets are one file, one lies in a folder that is another, or is a source.
    """
    by_path = {file.path: file for file in sources}
    originals = {place: by_path[path] for path, place in identities(by_path).items()}
    places = identities(paths.values())
    taken: dict[str, tuple[SourceFile, str]] = {}
    for planned, path in paths.items():
        place = places[path]
        if place in originals:
            raise PhraseInputError(
                f"The target {shown(path)} would overwrite the source {shown(originals[place].path)}",
                hint="Choose another target folder, or put {lang} into target_naming.",
            )
        if place in taken:
            raise PhraseInputError(
                f"{_named(taken[place])} and {_named(planned)} would both be written to {shown(path)}",
                hint="Let target_naming tell them apart: {lang} and {relative_path} always do, "
                "given different texts for each language and a base above all sources.",
            )
        taken[place] = planned
    _check_nested(taken)


def _taken(paths: Iterable[str], bases: Iterable[str], exclusion: Exclusion) -> Iterator[str]:
    """Yield the paths that would be taken if they were found below a base of the sources."""
    for path in paths:
        relative_paths = [path.removeprefix(base) for base in bases if path.startswith(base)]
        if not any(exclusion.matches(path, relative_path) for relative_path in relative_paths or [path]):
            yield path


def _check_nested(taken: Mapping[str, tuple[SourceFile, str]]) -> None:
    checked: set[str] = set()
    for place, planned in taken.items():
        for folder in _folders(place):
            if folder in checked:
                break
            checked.add(folder)
            if folder in taken:
                raise PhraseInputError(
                    f"{shown(place)}, the target of {_named(planned)}, would lie in a folder that is the "
                    f"target of {_named(taken[folder])}",
                    hint="Let target_naming tell them apart, for instance by a folder for each language.",
                )


def _folders(place: str) -> Iterator[str]:
    while (folder := parent(place)) != place:
        yield folder
        place = folder


def _named(planned: tuple[SourceFile, str]) -> str:
    file, lang = planned
    return f"{shown(file.path)} ({lang})"
