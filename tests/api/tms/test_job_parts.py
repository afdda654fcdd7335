from __future__ import annotations

import pytest

from phrase_provider.api.tms.job_parts import (
    created_at,
    file_of,
    folder_of,
    is_split,
    job_number,
    job_of,
    level_of,
    target_lang_of,
    unsupported_files,
)
from phrase_provider.exceptions import PhraseServerError

PART = {
    "uid": "j1",
    "filename": "a.md",
    "originalFileDirectory": "docs",
    "targetLang": "de",
    "innerId": "7",
    "workflowStep": {"workflowLevel": 2},
}


@pytest.mark.parametrize(
    ("part", "level"),
    [
        ({"workflowLevel": 2}, 2),
        ({"workflowStep": {"workflowLevel": 3}}, 3),
        ({"workflowStep": None}, 1),
        ({}, 1),
    ],
)
def test_level_is_read_from_either_place(part, level):
    assert level_of(part) == level


@pytest.mark.parametrize(
    ("part", "split"),
    [
        ({"isParentJobSplit": True}, True),
        ({"split": True}, True),
        ({"isParentJobSplit": False}, False),
        ({}, False),
    ],
)
def test_split_is_read_from_either_name(part, split):
    assert is_split(part) is split


@pytest.mark.parametrize(
    ("inner_id", "number"), [("12", 12), ("12.3", 12), (12, 12), (None, 0), ("x", 0), ("9" * 19, 0)]
)
def test_parts_of_a_split_job_share_its_number(inner_id, number):
    assert job_number({"innerId": inner_id}) == number


def test_parts_of_one_job_are_known_by_file_language_and_number():
    others = [PART | change for change in ({"uid": "j2"}, {"innerId": "7.2"}, {"workflowLevel": 1})]
    assert {job_of(part) for part in [PART, *others]} == {("a.md", "de", 7, "docs")}
    assert file_of(PART) == (2, "a.md", "de", 7, "docs")
    assert file_of(others[-1]) != file_of(PART)
    for change in (
        {"filename": "b.md"},
        {"targetLang": "fr"},
        {"innerId": "8"},
        {"originalFileDirectory": ""},
    ):
        assert job_of(PART | change) != job_of(PART)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"targetLang": None}, "targetLang of job j1 is missing"),
        ({"filename": 7}, "filename of job j1 is 7 instead of a text"),
        ({"workflowStep": "Revision"}, "workflowStep of job j1 is 'Revision' instead of an object"),
        ({"workflowLevel": "two"}, "workflowLevel of job j1 is 'two' instead of a whole number"),
    ],
)
def test_malformed_field_is_named(change, named):
    with pytest.raises(PhraseServerError, match=named):
        file_of(PART | change)


def test_what_phrase_does_not_show_is_empty():
    assert (target_lang_of({}), folder_of({}), created_at({}), unsupported_files({})) == ("", "", "", [])
    assert (target_lang_of(PART), folder_of(PART)) == ("de", "docs")
    assert unsupported_files({"jobs": [], "unsupportedFiles": ["a.xyz"]}) == ["a.xyz"]
