"""A manifest in any store: each writer adds an immutable part, readers merge them."""

from __future__ import annotations

import gc
import uuid
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.names import shown
from phrase_provider.files.storage import join, locate
from phrase_provider.manifest.files import files_in
from phrase_provider.manifest.lines import ManifestKey, key_of
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from phrase_provider.manifest.lines import ManifestLine

#: Name of a manifest beside the targets, unless the user chooses another.
MANIFEST_NAME = "phrase-manifest.jsonl"

PART_SUFFIX = ".jsonl"


class Manifest:
    """
    The index of what is translated from which source; Phrase is the truth.

    Nobody rewrites what others may write, as object stores cannot compare before they write: each writer
    adds a part, and only the compaction (:mod:`phrase_provider.manifest.compaction`) writes the file at the
    location itself.

    :param location: local path or URL, such as ``s3://bucket/out/phrase-manifest.jsonl``; its parts are in
        the folder ``<location>.d``.
    """

    def __init__(self, location: str) -> None:
        self.location = locate(location)
        self.parts_folder = f"{self.location}.d"

    def read(self, only: Container[ManifestKey] | None = None) -> dict[ManifestKey, ManifestLine]:
        """
        Return the newest line of each source and language.

        :param only: keys of the lines that are kept in memory; None: all.
        :raises PhraseInputError: a file is damaged.
        """
        # Listed before the base is read: what the compaction removes in between is in the base.
        parts = self.parts()
        newest: dict[ManifestKey, ManifestLine] = {}
        with _without_collections():
            for file in (self.location, *parts):
                with suppress(FileNotFoundError):
                    merge(newest, file, only=only)
        return newest

    def add(self, run: str, lines: Iterable[ManifestLine]) -> str | None:
        """
        Write lines as a part of their own, sorted.

        :param run: names the run, in file names.
        :param lines: as many as are known by now; better few parts than many.
        :return: the part's location; None without lines.
        """
        ordered = in_order(lines)
        if not ordered:
            return None
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        part = join(self.parts_folder, f"{stamp}-{run}-{uuid.uuid4().hex[:8]}{PART_SUFFIX}")
        write_json_lines(part, ordered)
        return part

    def parts(self) -> list[str]:
        """Return the locations of all parts, the earliest first."""
        return files_in(self.parts_folder, PART_SUFFIX)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Keep Python from searching the growing number of lines for cycles again and again: there are none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def merge(
    newest: dict[ManifestKey, ManifestLine], file: str, *, only: Container[ManifestKey] | None = None
) -> None:
    """
    Add the lines of a file to those of earlier ones; of two with the same key the newer one stays.

    :param newest: is changed.
    :param file: location.
    :param only: keys of the lines that count; None: all.
    :raises FileNotFoundError: it is not there.
    :raises PhraseInputError: it is damaged.
    """
    for record in read_json_lines(file):
        try:
            source, target_lang, at = record["source"], record["target_lang"], record["at"]
            key = ManifestKey(composed(source), target_lang)
            if only is not None and key not in only:
                continue
            known = newest.get(key)
            if known is None or known["at"] <= at:
                newest[key] = cast("ManifestLine", record)
        except (KeyError, AttributeError, TypeError) as error:
            raise PhraseInputError(
                f"A line of {shown(file)} has no source, target_lang or at, or something else in their place",
                hint="Only this package writes manifests. Restore the file from a backup, or make the "
                "manifest anew: python -m phrase_provider manifest rebuild.",
            ) from error


def in_order(lines: Iterable[ManifestLine]) -> list[ManifestLine]:
    """Return lines by source, then language, so that files of them are easy to compare."""
    return sorted(lines, key=key_of)
