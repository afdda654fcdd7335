"""A manifest: parts of several writers, merged when they are read."""

from __future__ import annotations

import gc
import json
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from manifest_lines import line

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files import storage
from phrase_provider.files.json_lines import write_json_lines
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.manifest import Manifest


@pytest.fixture
def manifest(place):
    return Manifest(f"{place}/phrase-manifest.jsonl")


def test_no_manifest_has_no_lines(manifest):
    assert manifest.read() == {}


def test_newest_line_of_a_source_and_language_counts(manifest):
    manifest.add("one", [line("a.md", "de", 5, status="NEW"), line("b.md", "de", 5, status="NEW")])
    manifest.add("two", [line("a.md", "de", 9, status="COMPLETED"), line("a.md", "fr", 9, status="NEW")])
    statuses = {key: known["status"] for key, known in manifest.read().items()}
    assert statuses == {("a.md", "de"): "COMPLETED", ("b.md", "de"): "NEW", ("a.md", "fr"): "NEW"}


def test_only_some_keys_may_be_kept(manifest):
    manifest.add("one", [line("a.md", "de", 5, status="NEW"), line("b.md", "de", 5)])
    manifest.add("two", [line("a.md", "de", 9, status="COMPLETED"), line("a.md", "fr", 9)])
    key = ManifestKey("a.md", "de")
    assert {key: known["status"] for key, known in manifest.read({key}).items()} == {key: "COMPLETED"}


def test_older_line_in_a_later_part_does_not_count(manifest):
    manifest.add("one", [line(second=9, status="DELIVERED")])
    manifest.add("two", [line(second=5, status="NEW")])
    assert [known["status"] for known in manifest.read().values()] == ["DELIVERED"]


def test_of_two_lines_of_one_moment_the_later_part_counts(manifest):
    manifest.add("one", [line(status="NEW")])
    manifest.add("two", [line(status="COMPLETED")])
    assert [known["status"] for known in manifest.read().values()] == ["COMPLETED"]


def test_base_file_and_parts_are_one_manifest(manifest):
    write_json_lines(manifest.location, [line("a.md", second=1, status="NEW"), line("b.md", status="NEW")])
    manifest.add("one", [line("a.md", second=2, status="COMPLETED")])
    assert [known["status"] for known in manifest.read().values()] == ["COMPLETED", "NEW"]


def test_source_is_one_however_its_accents_are_composed(manifest):
    manifest.add("one", [line(unicodedata.normalize("NFD", "Größe.md"), second=1)])
    manifest.add("two", [line(unicodedata.normalize("NFC", "Größe.md"), second=2)])
    assert list(manifest.read()) == [ManifestKey(unicodedata.normalize("NFC", "Größe.md"), "de")]


def test_parts_are_sorted_by_source_and_language(manifest):
    part = manifest.add("one", [line("b.md", "fr"), line("a.md", "fr"), line("b.md", "de")])
    fs, inner = storage.filesystem(part)
    with fs.open(inner, "rb") as file:
        rows = [json.loads(row) for row in file]
    assert [(row["source"], row["target_lang"]) for row in rows] == [
        ("a.md", "fr"),
        ("b.md", "de"),
        ("b.md", "fr"),
    ]


def test_nothing_to_add_leaves_no_file(manifest):
    assert manifest.add("one", []) is None
    assert manifest.parts() == []


def test_unfinished_and_foreign_files_among_the_parts_do_not_count(tmp_path):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    manifest.add("one", [line()])
    for name in (".phrase-0-1.part", ".hidden.jsonl", "notes.txt"):
        (tmp_path / "m.jsonl.d" / name).write_text("{")
    assert len(manifest.read()) == 1


@pytest.mark.parametrize("bad", [{"source": "a.md"}, line() | {"at": None}, line() | {"source": 1}])
def test_line_without_a_key_is_refused_by_name(tmp_path, bad):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    manifest.add("one", [line()])
    write_json_lines(f"{tmp_path}/m.jsonl.d/x.jsonl", [bad])
    with pytest.raises(PhraseInputError, match=r"m\.jsonl\.d/x\.jsonl.*manifest rebuild"):
        manifest.read()


def test_part_that_goes_while_the_manifest_is_read_is_no_error(tmp_path):
    """The compaction removes only what the base has; a reader lists the parts first."""
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    gone = manifest.add("one", [line("a.md")])
    kept = manifest.add("two", [line("b.md")])

    class Reader(Manifest):
        def parts(self):
            listed = super().parts()
            Path(gone).unlink()
            return listed

    assert Reader(manifest.location).read().keys() == {("b.md", "de")}
    assert manifest.parts() == [kept]


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_is_as_before_after_a_manifest_was_read(tmp_path, enabled):
    (tmp_path / "m.jsonl").write_text("{")
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(PhraseInputError):
            Manifest(f"{tmp_path}/m.jsonl").read()
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def _write(location: str, number: int) -> None:
    for second in range(10):
        Manifest(location).add(f"run-{number}", [line(f"{number}.md", second=second), line("shared.md")])


def test_writers_at_the_same_moment_lose_nothing(tmp_path):
    location = f"{tmp_path}/m.jsonl"
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(_write, [location] * 8, range(8)))
    lines = Manifest(location).read()
    assert len(Manifest(location).parts()) == 80
    assert lines.keys() == {(f"{number}.md", "de") for number in range(8)} | {("shared.md", "de")}
    assert {known["at"][17:19] for key, known in lines.items() if key.source != "shared.md"} == {"09"}
