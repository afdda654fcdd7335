"""The compaction of a manifest: nothing is lost, whoever writes, reads or compacts meanwhile."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from manifest_lines import line

from phrase_provider.exceptions import PhraseManifestLockedError
from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.storage import filesystem
from phrase_provider.manifest import compaction, lock
from phrase_provider.manifest.compaction import compact, compact_if_many
from phrase_provider.manifest.files import files_in
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import Manifest


@pytest.fixture
def manifest(place):
    return Manifest(f"{place}/phrase-manifest.jsonl")


def keys_in_base(manifest):
    return [(row["source"], row["target_lang"]) for row in read_json_lines(manifest.location)]


def test_parts_become_one_sorted_file_and_stay_for_a_while(manifest):
    manifest.add("one", [line("b.md", "fr"), line("b.md", "de", 1, status="NEW")])
    manifest.add("two", [line("a.md", "de"), line("b.md", "de", 2, status="COMPLETED")])
    before = manifest.read()
    assert compact(manifest) == (3, 2, 0)
    assert keys_in_base(manifest) == [("a.md", "de"), ("b.md", "de"), ("b.md", "fr")]
    assert manifest.read() == before
    assert len(manifest.parts()) == 2


def test_merged_parts_go_once_the_grace_period_is_over(manifest):
    manifest.add("one", [line("a.md")])
    compact(manifest)
    before = manifest.read()
    assert compact(manifest) == (1, 0, 0)
    assert compact(manifest, grace=-1) == (1, 0, 1)
    assert (manifest.parts(), manifest.read()) == ([], before)
    assert files_in(manifest.parts_folder, "") == []


def test_parts_of_the_grace_period_are_not_merged_again(manifest, monkeypatch):
    manifest.add("one", [line("a.md")])
    compact(manifest)
    monkeypatch.setattr(compaction, "write_json_lines", None)
    assert compact(manifest).merged == 0


def test_later_parts_are_merged_into_what_was_compacted(manifest):
    manifest.add("one", [line("a.md", second=1, status="NEW"), line("b.md")])
    compact(manifest)
    manifest.add("two", [line("a.md", second=2, status="COMPLETED")])
    assert compact(manifest, grace=-1) == (2, 1, 1)
    assert [row.get("status") for row in read_json_lines(manifest.location)] == ["COMPLETED", None]


def test_older_base_that_a_person_restored_loses_nothing(manifest):
    manifest.add("one", [line("a.md", second=1)])
    compact(manifest)
    manifest.add("two", [line("b.md", second=1)])
    old = list(read_json_lines(manifest.location))
    compact(manifest)
    write_json_lines(manifest.location, old)
    assert compact(manifest, grace=-1) == (2, 1, 1)
    assert [key[0] for key in keys_in_base(manifest)] == ["a.md", "b.md"]


def test_what_was_killed_after_the_base_was_written_is_tidied_up_later(manifest):
    manifest.add("one", [line("a.md")])
    compact(manifest)
    for record in files_in(manifest.parts_folder, ".merged"):
        fs, inner = filesystem(record)
        fs.rm_file(inner)
    assert compact(manifest, grace=-1).removed == 0
    manifest.add("two", [line("b.md")])
    compact(manifest)
    assert compact(manifest, grace=-1).removed == 2
    assert manifest.read().keys() == {("a.md", "de"), ("b.md", "de")}


def test_nothing_is_written_while_another_holds_the_lock(manifest):
    manifest.add("one", [line("a.md")])
    with held(manifest.parts_folder), pytest.raises(PhraseManifestLockedError):
        compact(manifest)
    fs, inner = filesystem(manifest.location)
    assert not fs.exists(inner)
    assert compact(manifest).merged == 1


def test_compaction_that_takes_too_long_leaves_the_base_as_it_is(tmp_path, monkeypatch):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    manifest.add("one", [line("a.md")])
    compact(manifest)
    manifest.add("two", [line("b.md")])
    before = Path(manifest.location).read_bytes()
    now = time.time()
    times = iter([now])
    monkeypatch.setattr(time, "time", lambda: next(times, now + 2 * lock.PERIOD))
    with pytest.raises(PhraseManifestLockedError, match="before it was done"):
        compact(manifest)
    assert Path(manifest.location).read_bytes() == before
    assert manifest.read().keys() == {("a.md", "de"), ("b.md", "de")}


def test_damaged_part_stops_the_compaction_and_nothing_goes(tmp_path):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    manifest.add("one", [line("a.md")])
    (tmp_path / "m.jsonl.d/x.jsonl").write_text("{")
    with pytest.raises(ValueError, match=r"x\.jsonl"):
        compact(manifest)
    assert not Path(manifest.location).exists()
    assert len(manifest.parts()) == 2


def test_name_in_a_record_that_leads_elsewhere_removes_nothing(tmp_path):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    manifest.add("one", [line("a.md")])
    (tmp_path / "kept.jsonl").write_text("")
    write_json_lines(f"{tmp_path}/m.jsonl.d/20200101T000000-0.merged", [{"part": "../kept.jsonl"}, {"x": 1}])
    compact(manifest)
    assert (tmp_path / "kept.jsonl").exists()


ROUNDS, WRITERS = 12, 3


def _write(location: str, number: int) -> None:
    for second in range(ROUNDS):
        lines = [line(f"{number}-{second}.md"), line(f"{number}.md", second=second)]
        Manifest(location).add(f"run-{number}", lines)
        time.sleep(0.005)


def _compact(location: str, number: int) -> int:
    done = 0
    for _ in range(3 * ROUNDS):
        try:
            done += compact(Manifest(location), grace=2).merged
        except PhraseManifestLockedError:
            time.sleep(0.002)
    return done


def _read(location: str, number: int) -> bool:
    """Tell whether nothing that was there before was ever missing."""
    seen: dict[tuple[str, str], str] = {}
    for _ in range(3 * ROUNDS):
        found = {key: known["at"] for key, known in Manifest(location).read().items()}
        if any(found.get(key, "") < at for key, at in seen.items()):
            return False
        seen = found
    return True


def test_writers_readers_and_two_compactors_at_once_lose_nothing(tmp_path):
    location = f"{tmp_path}/m.jsonl"
    with ProcessPoolExecutor(WRITERS + 4) as pool:
        writing = [pool.submit(_write, location, number) for number in range(WRITERS)]
        compacting = [pool.submit(_compact, location, number) for number in range(2)]
        reading = [pool.submit(_read, location, number) for number in range(2)]
        assert all(future.result() is None for future in writing)
        assert sum(future.result() for future in compacting) > 0
        assert all(future.result() for future in reading)
    expected = {(f"{number}-{second}.md", "de") for number in range(WRITERS) for second in range(ROUNDS)}
    expected |= {(f"{number}.md", "de") for number in range(WRITERS)}
    compact(Manifest(location))
    compact(Manifest(location), grace=-1)
    lines = Manifest(location).read()
    assert (lines.keys(), Manifest(location).parts()) == (expected, [])
    assert lines["0.md", "de"]["at"][17:19] == f"{ROUNDS - 1}"


def test_manifest_of_few_parts_is_left_as_it_is(manifest):
    manifest.add("one", [line("a.md")])
    manifest.add("two", [line("b.md")])
    assert compact_if_many(manifest, 2) is None
    assert compact_if_many(manifest, 1) == "The manifest is compacted: 2 parts merged, 0 removed."


def test_why_a_manifest_is_not_compacted_is_told(manifest):
    manifest.add("one", [line("a.md")])
    with held(manifest.parts_folder):
        assert compact_if_many(manifest, 0).startswith(
            "The manifest is not compacted. Another compaction holds"
        )
