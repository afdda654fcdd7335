from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.job_list import JobList
from phrase_provider.services.tms.job_uids import (
    MAX_DEFERRED,
    job_rows_of,
    job_uids_of,
    require_deferrable,
)

ROW = {"job_uid": "a", "target_lang": "de"}


@pytest.mark.parametrize(
    ("given", "uids"),
    [
        ("a", ["a"]),
        (["b", "a", "b"], ["b", "a"]),
        (ROW, ["a"]),
        ([ROW, ROW | {"job_uid": "b"}], ["a", "b"]),
        ([[ROW], ["b", " "], []], ["a", "b"]),
    ],
)
def test_uids_are_found_in_every_form_and_once(given, uids):
    assert job_uids_of(given) == uids


@pytest.mark.parametrize("none", ["", " ", [], [[]], [""]])
def test_a_job_is_required(none):
    with pytest.raises(PhraseInputError, match="No job is given"):
        job_uids_of(none)


LISTED = [
    {"project_uid": "p", "job_uid": "a", "target_lang": "de"},
    {"project_uid": "p", "job_uid": None, "target_lang": "fr", "error": "refused"},
    {"project_uid": "q", "job_uid": "b", "target_lang": "de"},
]


@pytest.fixture
def listed(tmp_path):
    location = f"{tmp_path}/jobs.jsonl"
    JobList(location).write(LISTED)
    return location


def test_a_text_with_a_slash_is_the_path_of_a_job_list(listed):
    assert job_uids_of(listed) == ["a", "b"]
    assert job_uids_of([listed, "c"]) == ["a", "b", "c"]


def test_of_a_list_only_the_jobs_of_the_project_count(listed):
    assert job_uids_of(listed, "q") == ["b"]
    with pytest.raises(PhraseInputError, match="No job is given"):
        job_uids_of(listed, "r")


def test_a_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PhraseInputError, match=r"/jobs\.jsonl"):
        job_uids_of(f"{tmp_path}/jobs.jsonl")


def test_rows_come_from_a_list_or_from_other_tasks(listed):
    assert job_rows_of(listed) == LISTED
    assert job_rows_of([[ROW], listed]) == [ROW, *LISTED]


def test_a_uid_alone_is_no_row():
    with pytest.raises(PhraseInputError, match="job a is given as a uid alone"):
        job_rows_of("a")


def test_a_trigger_takes_a_bounded_number_of_uids():
    uids = [str(number) for number in range(MAX_DEFERRED)]
    assert require_deferrable(uids) == uids
    with pytest.raises(PhraseInputError, match="takes 1,000 job uids at most, not 1,001"):
        require_deferrable([*uids, "x"])
