"""What a manifest answers."""

from __future__ import annotations

import json

import pytest
from manifest_lines import at, line

from phrase_provider.manifest.lines import key_of
from phrase_provider.manifest.report import make_report, table, write_report

DONE = {"sha256": "a", "target_source_sha256": "a", "delivered_at": at(5), "status": "DELIVERED", "words": 10}
OUTDATED = DONE | {"sha256": "b", "status": "NEW", "updated_at": at(7), "queue": "step 2 Revision, Anna"}


@pytest.fixture
def report():
    lines = [
        line("a.md", "de", **DONE),
        line("a.md", "fr", **OUTDATED),
        line("b.md", "de", 3, words=1200, error="the import failed"),
        line("c.md", "de", 4, words=5, status="NEW", updated_at=None, queue="step 1 Translation, Jo"),
        line("d.md", "de", deleted_at=at(8), words=1),
    ]
    return make_report("/m.jsonl", {key_of(one): one for one in lines}, ["de", "fr"])


def test_translations_and_words_are_counted_by_state_and_language(report):
    assert report["translations"] == {"up to date": 1, "deleted": 1, "missing": 3, "outdated": 1, "failed": 1}
    assert report["words"] == {
        "up to date": 10,
        "deleted": 1,
        "missing": 1210,
        "outdated": 10,
        "failed": 1200,
    }
    assert report["languages"]["fr"]["missing"] == 2


def test_what_needs_somebody_comes_first_and_says_since_when_and_with_whom(report):
    rows = [
        (row["state"], row["source"], row["target_lang"], row["since"], row["queue"])
        for row in report["rows"]
    ]
    assert rows == [
        ("failed", "b.md", "de", at(3), None),
        ("outdated", "a.md", "fr", at(7), "step 2 Revision, Anna"),
        ("missing", "b.md", "fr", None, None),
        ("missing", "c.md", "de", at(4), "step 1 Translation, Jo"),
        ("missing", "c.md", "fr", None, None),
        ("deleted", "d.md", "de", at(8), None),
        ("up to date", "a.md", "de", at(5), None),
    ]


def test_without_languages_only_what_is_known_of_counts():
    lines = [line("a.md", "de", **DONE), line("b.md", "fr", **DONE)]
    report = make_report("/m", {key_of(one): one for one in lines})
    assert report["translations"]["missing"] == 0
    assert len(report["rows"]) == 2


def test_table_is_small_and_names_the_first_that_need_somebody(report):
    text = table(report).splitlines()
    assert text[0].split() == ["language", "up", "to", "date", "deleted", "missing", "outdated", "failed"]
    assert [row.split() for row in text[1:5]] == [
        ["de", "1", "1", "1", "0", "1"],
        ["fr", "0", "0", "2", "1", "0"],
        ["all", "1", "1", "3", "1", "1"],
        ["words", "10", "1", "1,210", "10", "1,200"],
    ]
    assert text[5] == f"failed      b.md (de): since {at(3)}, 1,200 words, the import failed"
    assert text[6] == f"outdated    a.md (fr): since {at(7)}, step 2 Revision, Anna, 10 words"
    assert text[7] == "missing     b.md (fr): 1,200 words"
    assert len(text) == 10


def test_table_of_many_is_cut_and_says_so():
    lines = [line(f"{number}.md") for number in range(500)]
    text = table(make_report("/m", {key_of(one): one for one in lines})).splitlines()
    assert len(text) == 1 + 3 + 20 + 1
    assert text[-1] == "and 480 more"


def test_names_and_errors_are_printed_escaped():
    lines = [line("a\u202e.md", error="\x1b[2J", status="\x1b[3J")]
    text = table(make_report("/m", {key_of(one): one for one in lines}))
    assert r"a\u202e.md (de)" in text
    assert r"\x1b[2J" in text
    assert r"\x1b[3J" in text


def test_no_manifest_is_an_empty_report():
    report = make_report("/m", {}, ["de"])
    assert set(report["translations"].values()) == {0}
    assert table(report).splitlines()[1].split() == ["all", "0", "0", "0", "0", "0"]


def test_report_is_written_as_json(report, tmp_path):
    write_report(report, f"{tmp_path}/x/report.json")
    assert json.loads((tmp_path / "x/report.json").read_text()) == report
