"""Replacing a manifest by one that was made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.files.json_lines import write_json_lines
from phrase_provider.manifest.files import remove
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.manifest.manifest import Manifest


def replace(manifest: Manifest, lines: Iterable[ManifestLine], parts: Iterable[str]) -> None:
    """
    Put lines in the place of what a manifest had, damaged or not.

    :param manifest: to be replaced.
    :param lines: that take its place; those that runs write meanwhile are newer, and count.
    :param parts: that were there when the lines were made: they are removed.
    :raises PhraseManifestLockedError: a compaction is at work; nothing was done.
    :raises PhraseInputError: the store cannot create files exclusively.
    """
    with held(manifest.parts_folder) as lease:
        ordered = in_order(lines)
        lease.require()
        write_json_lines(manifest.location, ordered)
        for part in parts:
            remove(part)
