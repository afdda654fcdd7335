"""Lines of a manifest: their keys, and the one that takes another's place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from manifest_lines import line

from phrase_provider.manifest.lines import key_of, renewed, written_at


def test_key_does_not_depend_on_how_accents_are_composed():
    assert key_of(line("o\u0308.md")) == key_of(line("\xf6.md")) == ("\xf6.md", "de")


def test_renewed_line_keeps_what_is_not_changed():
    old = line(status="NEW", words=3)
    new = renewed(old, "later", {"status": "COMPLETED"})
    assert {**new, "at": ""} == {**old, "run": "later", "status": "COMPLETED", "at": ""}
    assert old["status"] == "NEW"


def test_renewed_line_is_newer_even_if_the_clock_is_behind():
    ahead = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="microseconds")
    assert renewed(line() | {"at": ahead}, "later", {})["at"] > ahead


def test_times_compare_as_texts():
    times = [written_at(line() | {"at": "2999-12-31T23:59:59+00:00"}), written_at()]
    assert sorted(times) == times[::-1]
    assert len({len(time) for time in times}) == 1
