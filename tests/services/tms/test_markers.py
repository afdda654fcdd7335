from __future__ import annotations

import unicodedata

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.markers import (
    KEEP,
    ProjectMarkers,
    batch_line,
    read_markers,
    require_no_markers,
    with_base,
)

FIRST = ProjectMarkers("web-42", "template", "dag/run/task/-1")
ANEW = ProjectMarkers("web-42", "template", "dag/run/task/-1", "2")
OTHER = ProjectMarkers("web-43", "template", "dag/run-2/task/-1")


@pytest.mark.parametrize("note", ["", "Hello", "Hello\n\nAnna\n"])
@pytest.mark.parametrize("base", [None, "/in/docs", "s3://bucket/a ] b"])
def test_markers_are_read_as_they_were_written(note, base):
    written = ProjectMarkers("web-42", "template", "dag/run/task/-1", base=base).append_to(note)
    assert written.startswith(note)
    assert written.endswith(KEEP)
    marks = read_markers(written)
    assert (marks.recreate_key, marks.base) == ("", base)
    assert FIRST.are_of_batch(marks)
    assert FIRST.is_mine(marks)
    assert not OTHER.are_of_batch(marks)
    assert not OTHER.is_mine(marks)


def test_last_markers_of_a_note_count():
    note = f"{OTHER.append_to('')}\n{FIRST.append_to('')}"
    assert FIRST.are_of_batch(read_markers(note))
    assert batch_line(note) == FIRST.own


@pytest.mark.parametrize("text", ["{}\n\nAsked Anna.", "Moved up.\n\n{}", "  {}"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_stands_around_the_markers_changes_nothing(text, end):
    note = text.format(FIRST.append_to("Hello")).replace("\n", end)
    assert read_markers(note) == read_markers(FIRST.append_to("Hello"))


@pytest.mark.parametrize("note", [None, "", "Hello", FIRST.own, f"See {FIRST.own} there\n"])
def test_note_without_whole_markers_has_none(note):
    assert read_markers(note) is None
    assert not FIRST.are_of_batch(None)


def test_batch_is_named_though_the_other_line_is_gone():
    assert batch_line(f"Hello\n{ANEW.own}\nBye") == ANEW.own
    assert batch_line("Hello") is None


def test_base_is_added_below_the_markers():
    note = with_base(FIRST.append_to("Hello") + "\nBye", "/in")
    assert note.splitlines()[-3:] == ["[airflow-provider-phrase base /in]", KEEP, "Bye"]
    assert read_markers(note).base == "/in"


@pytest.mark.parametrize("note", [FIRST.own, f"Hello\n{FIRST.own}", FIRST.own.upper()])
def test_marker_in_the_users_part_of_a_note_is_refused(note):
    with pytest.raises(PhraseInputError, match="by which runs find the project"):
        require_no_markers(note)


def test_batch_is_the_same_however_its_accents_are_composed():
    composed, decomposed = (
        ProjectMarkers(unicodedata.normalize(form, "frühjahr"), "template", "task") for form in ("NFC", "NFD")
    )
    assert composed.own == decomposed.own
    assert composed.are_of_batch(read_markers(decomposed.append_to("")))


class TestToUse:
    @pytest.fixture
    def marked(self):
        again = ProjectMarkers("web-42", "template", "dag/run-3/task/-1", "3")
        made = {"old": FIRST, "anew": ANEW, "again": again}
        return {uid: read_markers(markers.append_to("")) for uid, markers in made.items()}

    def test_last_creation_that_a_person_asked_for_counts(self, marked):
        assert FIRST.to_use(marked, None) == marked["again"].recreate_key

    def test_first_creation_counts_where_it_is_the_only_one(self, marked):
        assert FIRST.to_use({"old": marked["old"]}, None) == ""

    @pytest.mark.parametrize("used", ["old", "anew"])
    def test_creation_that_the_task_has_used_counts(self, marked, used):
        assert FIRST.to_use(marked, used) == marked[used].recreate_key

    def test_task_that_creates_anew_takes_its_own(self, marked):
        assert ANEW.to_use(marked, None) == marked["anew"].recreate_key != marked["again"].recreate_key
