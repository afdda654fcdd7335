from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from phrase_provider.exceptions import PhraseLedgerError
from phrase_provider.services.tms.records import RecordsInFolder
from phrase_provider.services.tms.updates.source_update_notes import (
    UpdateNote,
    UpdateNotes,
    UpdateState,
    note_key,
)

NOTE = UpdateNote(
    "p1",
    "guide.md",
    "abc",
    first_uids={"de": "j1"},
    reopened={"j1": ("COMPLETED", "ACCEPTED")},
    updated_before={"j1": ""},
    words_before={"j1": 7},
)


def stored(note, **changes):
    return {**json.loads(json.dumps(note.dump())), **changes}


def test_note_is_read_as_it_was_written():
    assert UpdateNote.load(stored(NOTE), "k") == NOTE


def test_note_moves_on_with_the_time():
    moved = NOTE.moved_to(UpdateState.IMPORTING, async_request_id="950791")
    assert (moved.state, moved.async_request_id, moved.sha256) == (UpdateState.IMPORTING, "950791", "abc")
    assert (datetime.now(UTC) - datetime.fromisoformat(moved.at)).total_seconds() < 60


def test_fields_of_later_versions_do_not_matter():
    assert UpdateNote.load(stored(NOTE, colour="red"), "k") == NOTE


def test_note_of_an_earlier_version_lacks_what_came_later():
    kept = stored(NOTE)
    del kept["added_words"]
    assert UpdateNote.load(kept, "k") == NOTE


@pytest.mark.parametrize(
    "changes",
    [{"version": 2}, {"version": None}, {"state": "flying"}, {"reopened": 7}, {"reopened": {"j1": "x"}}],
)
def test_note_that_cannot_be_read_is_refused(changes):
    with pytest.raises(PhraseLedgerError, match="The note k on a source update"):
        UpdateNote.load(stored(NOTE, **changes), "k")


def test_there_is_one_note_for_each_file_and_project(tmp_path):
    notes = UpdateNotes(RecordsInFolder(str(tmp_path)))
    notes.write(NOTE)
    notes.write(NOTE.moved_to(UpdateState.SENDING))
    notes.write(UpdateNote("p2", "guide.md", "abc"))
    assert len(notes.list()) == 2
    kept = notes.read(note_key("p1", "guide.md"))
    assert kept
    assert kept.state is UpdateState.SENDING
    notes.remove(NOTE.key)
    assert [note.project_uid for note in notes.list()] == ["p2"]


def test_other_records_may_lie_beside_notes(tmp_path):
    records = RecordsInFolder(str(tmp_path))
    records.write("quiet-1", {"confirmed": {}})
    assert UpdateNotes(records).list() == []
