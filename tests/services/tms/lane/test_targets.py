from __future__ import annotations

import unicodedata

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.lane.targets import targets_of

ROW = {
    "project_uid": "p",
    "job_uid": "j",
    "target_lang": "de",
    "relative_path": "a.md",
    "target_path": "/out/a.md",
    "sha256": "1",
}


def test_each_job_is_one_target():
    (target,) = targets_of([ROW, ROW])
    assert (target.job_uid, target.key, target.sha256) == ("j", ("a.md", "de"), "1")
    assert target.uids == ("j",)


@pytest.mark.parametrize("row", [{"job_uid": None}, {"job_uid": ""}, {"outcome": "deleted"}])
def test_what_has_no_job_gives_no_target(row):
    assert targets_of([ROW | row]) == []


def test_names_are_those_of_the_manifest():
    row = ROW | {"relative_path": unicodedata.normalize("NFD", "über.md")}
    assert targets_of([row])[0].key.source == "über.md"


@pytest.mark.parametrize("none", [None, ""])
def test_a_checksum_may_be_unknown(none):
    assert targets_of([ROW | {"sha256": none}])[0].sha256 is None


def test_a_row_without_a_target_is_refused():
    with pytest.raises(PhraseInputError, match="target of job j is written"):
        targets_of([ROW | {"target_path": None}])
