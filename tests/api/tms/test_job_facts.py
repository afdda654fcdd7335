from __future__ import annotations

import pytest

from phrase_provider.api.tms.job_facts import Unreadable, all_facts, facts_of, facts_or_error
from phrase_provider.exceptions import PhraseServerError

ANNA = {"type": "USER", "firstName": "Anna", "lastName": "Lind"}
PART = {
    "uid": "j1",
    "status": "NEW",
    "filename": "a.md",
    "targetLang": "de",
    "dateDue": "2026-12-04T18:00:00+0100",
    "importStatus": {"status": "OK"},
    "workflowStep": {"name": "Revision", "workflowLevel": 2},
    "providers": [ANNA],
    "wordsCount": 12,
}


def test_facts_are_what_a_wait_evaluates_and_no_more():
    assert facts_of(PART, with_status=True) == {
        "uid": "j1",
        "status": "NEW",
        "import_state": "OK",
        "import_error": None,
        "filename": "a.md",
        "target_lang": "de",
        "due_date": "2026-12-04T18:00:00+0100",
        "level": 2,
        "step": "step 2 Revision",
        "providers": "Anna Lind",
        "file": None,
    }


def test_parts_of_a_split_job_have_their_file_in_common():
    parts = all_facts([PART | {"uid": uid, "split": True} for uid in ("j1", "j2")], with_status=True)
    assert parts[0]["file"] == parts[1]["file"]
    assert parts[0]["file"]


def test_status_must_be_there_only_where_it_is_awaited():
    without = PART | {"status": None}
    assert facts_of(without, with_status=False)["status"] is None
    with pytest.raises(PhraseServerError, match="status of job j1 is missing"):
        facts_of(without, with_status=True)


@pytest.mark.parametrize("part", [None, 7, [], {}, PART | {"uid": ""}, PART | {"filename": 7}])
def test_part_that_cannot_be_read_spoils_no_page(part):
    unreadable = facts_or_error(part, with_status=True)
    assert isinstance(unreadable, Unreadable)
    with pytest.raises(PhraseServerError):
        raise unreadable.error


def test_unreadable_part_tells_uid_and_name_as_far_as_they_can_be_read():
    error, uid, filename = facts_or_error(PART | {"status": 7}, with_status=True)
    assert (uid, filename) == ("j1", "a.md")
    assert "status of job j1 is 7" in error.message


@pytest.mark.parametrize("providers", [None, "Anna", [None], [{"type": "USER"}], [{"name": 7}]])
def test_due_date_and_providers_that_cannot_be_read_are_none(providers):
    facts = facts_of(PART | {"dateDue": 7, "providers": providers}, with_status=True)
    assert (facts["due_date"], facts["providers"]) == (None, "")
