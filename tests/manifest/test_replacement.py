"""A manifest that was made anew takes the place of what was there."""

from __future__ import annotations

import pytest
from manifest_lines import line

from phrase_provider.exceptions import PhraseManifestLockedError
from phrase_provider.files.json_lines import write_json_lines
from phrase_provider.files.storage import filesystem
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.manifest.replacement import replace


@pytest.fixture
def manifest(place):
    return Manifest(f"{place}/m.jsonl")


def test_what_was_there_is_gone_also_where_it_is_damaged(manifest):
    write_json_lines(manifest.location, [{"no": "line"}])
    manifest.add("one", [line("old.md")])
    assert replace(manifest, "rebuild", [line("b.md"), line("a.md")], manifest.parts())
    assert [key.source for key in manifest.read()] == ["a.md", "b.md"]
    assert manifest.parts() == []


def test_what_runs_write_meanwhile_counts(manifest):
    manifest.add("one", [line("a.md", status="NEW")])
    parts = manifest.parts()
    manifest.add("two", [line("a.md", second=9, status="COMPLETED")])
    replace(manifest, "rebuild", [line("a.md", second=5, status="NEW")], parts)
    assert [known["status"] for known in manifest.read().values()] == ["COMPLETED"]


def test_nothing_is_done_during_a_compaction(manifest):
    manifest.add("one", [line("a.md")])
    with held(manifest.parts_folder), pytest.raises(PhraseManifestLockedError):
        replace(manifest, "rebuild", [], manifest.parts())
    assert len(manifest.read()) == 1


def test_where_files_cannot_be_created_exclusively_the_lines_are_added(manifest, monkeypatch):
    manifest.add("one", [line("a.md", status="NEW"), line("old.md")])
    fs, _ = filesystem(manifest.location)
    opened = type(fs).open
    monkeypatch.setattr(
        type(fs), "open", lambda self, path, mode="rb", **kw: opened(self, path, mode.replace("x", "w"), **kw)
    )
    assert not replace(manifest, "rebuild", [line("a.md", second=9, status="COMPLETED")], manifest.parts())
    assert manifest.read()["a.md", "de"]["status"] == "COMPLETED"
    assert len(manifest.parts()) == 2
