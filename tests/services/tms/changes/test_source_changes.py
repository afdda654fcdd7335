"""The list of a run's changes."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.changes.source_changes import ChangeList, SourceChange, require_on_delete


def change(**facts) -> SourceChange:
    known = {
        "kind": "new",
        "path": "/in/Größe.md",
        "relative_path": "Größe.md",
        "base": "/in",
        "size": 9,
        "sha256": "1",
        "words": 2,
        "target_langs": ["de"],
        "open_langs": [],
        "targets": {"de": "/out/de/Größe.md"},
        "jobs": {},
    }
    return known | facts


def test_changes_come_back_as_they_were_written(tmp_path):
    changes = ChangeList(f"{tmp_path}/run/changes.jsonl")
    written = [change(), change(kind="open", jobs={"de": {"project_uid": "p", "job_uid": "j"}})]
    changes.write(written)
    assert list(changes.read()) == written
    changes.write([])
    assert list(changes.read()) == []


def test_missing_list_is_told_apart_from_an_empty_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(ChangeList(f"{tmp_path}/changes.jsonl").read())


@pytest.mark.parametrize(
    ("given", "understood"), [(None, "report"), ("", "report"), (" Cancel ", "cancel"), ("remove", "remove")]
)
def test_what_becomes_of_deleted_sources_is_understood(given, understood):
    assert require_on_delete(given) == understood


def test_other_words_for_it_are_refused():
    with pytest.raises(PhraseInputError, match="report, cancel, remove"):
        require_on_delete("purge")
