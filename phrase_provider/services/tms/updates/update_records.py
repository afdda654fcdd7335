"""The notes on source updates beside a manifest: what they have that the manifest lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.manifest.lines import ManifestKey, renewed
from phrase_provider.services.tms.records import RecordsInFolder
from phrase_provider.services.tms.updates.source_update_notes import UpdateNotes, UpdateState
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from phrase_provider.manifest.lines import ManifestFacts, ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.records import Records
    from phrase_provider.services.tms.updates.source_update_notes import UpdateNote


def records_beside(manifest: Manifest) -> Records:
    """Return the records on source updates that all runs of a manifest share: ``<manifest>.updates``."""
    return RecordsInFolder(f"{manifest.location}.updates")


def record_updates(manifest: Manifest, lines: dict[ManifestKey, ManifestLine], run: str) -> bool:
    """
    Record in a manifest the updates that were made by a run that was killed before it could do so.

    :param manifest: gets the lines.
    :param lines: of the manifest; those that are new take the place of theirs.
    :param run: that writes them.
    :return: whether there are updates that were begun, and are to be finished or put back.
    """
    notes = UpdateNotes(records_beside(manifest))
    kept = notes.list()
    made = [note for note in kept if note.state is UpdateState.UPDATED]
    if new := dict(_lines(made, lines, run)):
        manifest.add(run, new.values())
        lines |= new
    for note in made:
        notes.remove(note.key)
    return len(made) < len(kept)


def _lines(
    notes: Iterable[UpdateNote], lines: Mapping[ManifestKey, ManifestLine], run: str
) -> Iterator[tuple[ManifestKey, ManifestLine]]:
    for note in notes:
        for lang in note.first_uids:
            key = ManifestKey(composed(note.relative_path), lang)
            line = lines.get(key)
            # A newer job may have taken the place of the one that was updated.
            if line and line.get("project_uid") == note.project_uid and line.get("sha256") != note.sha256:
                facts: ManifestFacts = {
                    "sha256": note.sha256,
                    "added_words": note.added_words.get(lang),
                    "updated_at": note.at,
                    "status": "ACCEPTED" if note.reopened else line.get("status", "NEW"),
                    "error": None,
                }
                yield key, renewed(line, run, facts)
