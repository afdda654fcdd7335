from __future__ import annotations

import pytest

from phrase_provider.api.tms.job_facts import facts_of
from phrase_provider.waiting.tms.job_texts import listing, place_of, state_of

ANNA = {"type": "USER", "firstName": "Anna", "lastName": "Lind", "userName": "anna"}
PART = {
    "uid": "j1",
    "status": "DECLINED",
    "filename": "returns.md",
    "targetLang": "de",
    "workflowStep": {"name": "Revision", "order": 2, "workflowLevel": 2},
    "providers": [ANNA],
    "dateDue": "2026-12-04T18:00:00+0100",
}


def told(**changes):
    return state_of(facts_of(PART | changes, with_status=True))


def test_part_is_told_with_all_that_its_reader_asks_for():
    assert told() == (
        "returns.md (de), step 2 Revision, declined by Anna Lind, due Fri 2026-12-04 17:00 UTC, job j1"
    )


@pytest.mark.parametrize(
    ("status", "with_provider", "without"),
    [
        ("NEW", "new, assigned to Anna Lind", "new"),
        ("EMAILED", "emailed to Anna Lind", "emailed"),
        ("ACCEPTED", "accepted by Anna Lind", "accepted"),
        ("REJECTED", "rejected, back with Anna Lind", "rejected"),
        ("COMPLETED", "completed by Anna Lind", "completed"),
        ("CANCELLED", "cancelled", "cancelled"),
        ("ON_THE_MOON", "on_the_moon", "on_the_moon"),
    ],
)
def test_status_is_told_with_its_provider(status, with_provider, without):
    assert f", {with_provider}, due" in told(status=status)
    assert f"Revision, {without}, due" in told(status=status, providers=[])


@pytest.mark.parametrize(
    ("providers", "names"),
    [
        ([{"type": "VENDOR", "name": "Lingo Ltd"}], "Lingo Ltd"),
        ([{"type": "USER", "userName": "anna"}], "anna"),
        ([{"type": "USER", "uid": "u1"}], "user u1"),
        ([ANNA, {"type": "VENDOR", "name": "Lingo"}, {"uid": "u1"}], "Anna Lind, Lingo and 1 more"),
    ],
)
def test_providers_are_named(providers, names):
    assert f"declined by {names}, due" in told(providers=providers)


@pytest.mark.parametrize("strange", [None, 7, "x", [None, 7, {}], {"name": "x"}])
def test_what_is_not_needed_may_be_strange(strange):
    shown = told(providers=strange, workflowStep=None, dateDue=None, targetLang=None)
    assert shown == "returns.md, declined, job j1"


def test_due_date_that_cannot_be_read_is_shown_as_it_is():
    assert "due someday" in told(dateDue="someday")


def test_text_from_phrase_cannot_break_the_line():
    shown = told(filename="a\nb\x1b[2J.md", providers=[{"name": "x\ny"}], dateDue="1\n2")
    assert shown.isprintable()
    assert "a\\nb" in shown


def test_file_without_a_name_is_told_too():
    part = facts_of(PART | {"workflowStep": None, "filename": None}, with_status=True)
    assert place_of(part) == "a file without a name (de)"


def test_long_lists_are_counted():
    assert listing([str(number) for number in range(12)]) == "0; 1; 2; 3; 4; 5; 6; 7; 8; 9 and 2 more"
