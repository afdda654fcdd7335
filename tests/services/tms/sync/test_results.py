"""What a run writes to the manifest about each source, and what it lists."""

from __future__ import annotations

import pytest
from manifest_lines import line

from phrase_provider.exceptions import PhraseInputError, PhraseServerError
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.services.tms.sync.results import (
    ADOPTED,
    CREATED,
    FAILED,
    Result,
    SyncResults,
    content_facts,
)


def change(path="a.md", *langs):
    return {
        "kind": "new",
        "path": f"/in/{path}",
        "relative_path": path,
        "base": "/in",
        "size": 5,
        "sha256": "planned",
        "words": 2,
        "target_langs": list(langs or ("de",)),
        "open_langs": [],
        "targets": {lang: f"/out/{lang}/{path}" for lang in langs or ("de",)},
        "jobs": {},
    }


@pytest.fixture
def manifest(tmp_path):
    return Manifest(f"{tmp_path}/manifest.jsonl")


@pytest.fixture
def results(manifest):
    def make(*known, run="tonight"):
        return SyncResults(
            manifest, run, {ManifestKey(each["source"], each["target_lang"]): each for each in known}
        )

    return make


def created(lang="de", uid="j1", sha256="sent"):
    return Result(lang, CREATED, "p", uid, content_facts(change(), sha256, 6))


def test_manifest_says_what_was_sent_and_the_list_where_it_goes(manifest, results):
    kept = results()
    kept.add(change(), [created()])
    kept.flush()
    (written,) = manifest.read().values()
    assert {
        "sha256": "sent",
        "size": 6,
        "job_uid": "j1",
        "status": "NEW",
        "run": "tonight",
    }.items() <= written.items()
    (row,) = kept.rows
    assert (row["sha256"], row["job_uid"], row["target_path"]) == ("sent", "j1", "/out/de/a.md")


def test_name_with_accents_apart_has_one_line(manifest, results):
    kept = results()
    kept.add(change("Gro\u0308ße.md"), [created()])
    kept.flush()
    assert [key.source for key in manifest.read()] == ["Größe.md"]


def test_lines_are_written_before_there_are_too_many_to_lose(manifest, results):
    kept = results()
    for number in range(99):
        kept.add(change(f"{number}.md"), [created(uid=f"j{number}")])
    assert manifest.read() == {}
    kept.add(change("last.md"), [created(uid="j99")])
    assert len(manifest.read()) == 100


def test_job_that_another_run_has_delivered_meanwhile_stays_delivered(manifest, results):
    known = line(
        run="other", sha256="sent", job_uid="j1", status="DELIVERED", updated_at="2026-12-01T00:00:00"
    )
    kept = results(known)
    kept.add(change(), [created()])
    kept.flush()
    (written,) = manifest.read().values()
    assert (written["status"], written["updated_at"], written["run"]) == (
        "DELIVERED",
        "2026-12-01T00:00:00",
        "tonight",
    )


@pytest.mark.parametrize("earlier", [{"job_uid": "j0"}, {"sha256": "before"}])
def test_job_with_other_content_is_new(manifest, results, earlier):
    known = line(run="other", status="DELIVERED", **{"sha256": "sent", "job_uid": "j1", **earlier})
    kept = results(known)
    kept.add(change(), [created()])
    kept.flush()
    (written,) = manifest.read().values()
    assert written["status"] == "NEW"


def test_line_of_this_run_that_later_tasks_have_renewed_stays(manifest, results):
    known = line(run="tonight", sha256="sent", job_uid="j1", status="DELIVERED", error=None, deleted_at=None)
    kept = results(known)
    kept.add(change(), [created()])
    kept.flush()
    assert manifest.parts() == []


def test_line_of_an_earlier_run_is_taken_over_with_all_that_it_says(manifest, results):
    known = line(run="yesterday", sha256="old", job_uid="j1", status="ACCEPTED", delivered_at="then")
    kept = results(known)
    kept.add(change(), [Result("de", ADOPTED, "p", "j1")])
    kept.flush()
    (written,) = manifest.read().values()
    assert (written["run"], written["sha256"], written["status"]) == ("tonight", "old", "ACCEPTED")
    assert written["at"] > known["at"]


def test_failure_is_told_in_each_language_and_once_in_the_error(manifest, results):
    kept = results()
    kept.fail(change("a\x1b.md", "de", "fr"), ["de", "fr"], PhraseInputError("It is empty " + "x" * 2000))
    kept.flush()
    assert [row["outcome"] for row in kept.rows] == [FAILED, FAILED]
    assert all(len(row["error"]) <= 1000 for row in kept.rows)
    assert {written["error"][:11] for written in manifest.read().values()} == {"It is empty"}
    assert "\x1b" not in kept.error().message
    assert not kept.any_succeeded()


def test_what_has_a_result_is_not_failed_by_what_fails_for_all(results):
    kept, both = results(), change("a.md", "de", "fr")
    kept.add(both, [created("de")])
    kept.fail_rest([both, change("b.md")], PhraseServerError("The list broke off"))
    assert [(row["relative_path"], row["target_lang"], row["outcome"]) for row in kept.rows] == [
        ("a.md", "de", CREATED),
        ("a.md", "fr", FAILED),
        ("b.md", "de", FAILED),
    ]
    assert kept.error().can_pass
    assert kept.summary("/jobs")["failed"] == 2


def test_what_was_not_tried_is_named(results):
    kept = results()
    kept.fail(change("a.md"), ["de"], PhraseServerError("Down"))
    kept.leave_rest([change("b.md")])
    assert "Not uploaded: 1 more (b.md)" in kept.error().message
