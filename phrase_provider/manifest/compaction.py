"""
Compaction: the parts of a manifest become one sorted file, and are removed some time later.

Whoever reads meanwhile sees each line, perhaps twice: the parts stay for a grace period after the file that
has their lines was written, which is longer than any reader reads and than any compaction takes.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.exceptions import PhraseInputError, PhraseManifestLockedError
from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.storage import join
from phrase_provider.manifest.files import files_in, remove
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import in_order, merge
from phrase_provider.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from phrase_provider.manifest.lines import ManifestKey, ManifestLine
    from phrase_provider.manifest.lock import Lease
    from phrase_provider.manifest.manifest import Manifest

#: Seconds for which merged parts stay.
GRACE = 3600
#: Parts with which a manifest is read well enough.
FEW_PARTS = 50

# Names the parts that a base has; so that the time is that of its own clock, it is in the name.
_RECORD = ".merged"
_STAMP = "%Y%m%dT%H%M%S"


class Compacted(NamedTuple):
    """
    What a compaction did.

    :param lines: of the manifest.
    :param merged: parts whose lines are new in its file.
    :param removed: parts that were merged by an earlier compaction, and are gone.
    """

    lines: int
    merged: int
    removed: int


def compact(manifest: Manifest, *, grace: float = GRACE) -> Compacted:
    """
    Write a manifest's file anew from itself and the parts, and remove parts that were merged before.

    :param manifest: with any number of writers and readers at work.
    :param grace: seconds for which merged parts stay.
    :raises PhraseManifestLockedError: another compaction is at work; nothing was done.
    :raises PhraseInputError: the store cannot create files exclusively, or a file is damaged.
    """
    with held(manifest.parts_folder) as lease:
        lines: dict[ManifestKey, ManifestLine] = {}
        with suppress(FileNotFoundError):
            merge(lines, manifest.location)
        removed = _remove_merged(manifest, lines, grace)
        parts = manifest.parts()
        fresh = [part for part in parts if not _has(lines, part)]
        if fresh:
            for part in fresh:
                merge(lines, part)
            write_json_lines(manifest.location, _checked(in_order(lines.values()), lease))
            _record_merged(manifest, parts)
        return Compacted(len(lines), len(fresh), removed)


def compact_if_many(manifest: Manifest, few: int = FEW_PARTS) -> str | None:
    """
    Compact a manifest that has many parts, where that can be done now.

    :param manifest: with any number of writers and readers at work.
    :param few: parts with which it is left as it is.
    :return: a line for the log; None: there are few.
    """
    if len(manifest.parts()) <= few:
        return None
    try:
        done = compact(manifest)
    except (PhraseInputError, PhraseManifestLockedError) as error:
        return f"The manifest is not compacted. {error}"
    return f"The manifest is compacted: {counted(done.merged, 'part')} merged, {done.removed:,} removed."


def _checked(lines: list[ManifestLine], lease: Lease) -> Iterator[ManifestLine]:
    yield from lines
    # The last moment before readers see the file.
    lease.require()


def _has(lines: Mapping[ManifestKey, ManifestLine], part: str) -> bool:
    """Return whether the lines are as new as those of a part."""
    own: dict[ManifestKey, ManifestLine] = {}
    merge(own, part)
    return all(key in lines and lines[key]["at"] >= line["at"] for key, line in own.items())


def _record_merged(manifest: Manifest, parts: Iterable[str]) -> None:
    name = f"{datetime.now(UTC):{_STAMP}}-{uuid.uuid4().hex[:8]}{_RECORD}"
    write_json_lines(join(manifest.parts_folder, name), [{"part": part.rpartition("/")[2]} for part in parts])


def _remove_merged(manifest: Manifest, lines: Mapping[ManifestKey, ManifestLine], grace: float) -> int:
    """Remove parts of which a record says that they were merged, if the base still has their lines."""
    latest = f"{datetime.now(UTC) - timedelta(seconds=grace):{_STAMP}}"
    old = [file for file in files_in(manifest.parts_folder, _RECORD) if file.rpartition("/")[2] <= latest]
    rows = (row for file in old for row in read_json_lines(file))
    merged = {join(manifest.parts_folder, str(row.get("part"))) for row in rows}
    # A person may have put an older base in its place.
    removed = [part for part in manifest.parts() if part in merged and _has(lines, part)]
    for file in (*removed, *old):
        remove(file)
    return len(removed)
