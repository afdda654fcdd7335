"""Replacing a manifest by one that was made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.json_lines import write_json_lines
from phrase_provider.manifest.files import remove
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.manifest.manifest import Manifest


def replace(manifest: Manifest, run: str, lines: Iterable[ManifestLine], parts: Iterable[str]) -> bool:
    """
    Put lines in the place of what a manifest had, damaged or not.

    Where the store cannot create files exclusively, the lines are added as a part: they are newer than all
    that was there.

    :param manifest: to be replaced.
    :param run: names who does it.
    :param lines: that take its place; those that runs write meanwhile are newer, and count.
    :param parts: that were there when the lines were made: they are removed.
    :return: whether what was there is gone.
    :raises PhraseManifestLockedError: a compaction is at work; nothing was done.
    """
    ordered = in_order(lines)
    try:
        with held(manifest.parts_folder) as lease:
            lease.require()
            write_json_lines(manifest.location, ordered)
            for part in parts:
                remove(part)
    except PhraseInputError:
        manifest.add(run, ordered)
        return False
    return True
