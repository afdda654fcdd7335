"""The comparison of files with a manifest: what is to be done about each, and in which languages."""

from __future__ import annotations

import unicodedata

import pytest
from manifest_lines import at, line

from phrase_provider.files.fingerprints import Fingerprint
from phrase_provider.files.sources import SourceFile
from phrase_provider.manifest.lines import key_of
from phrase_provider.services.tms.changes.source_comparison import SourceComparison

FILE = SourceFile("/in/x/a.md", "x/a.md", 9)
TARGETS = {"de": "/out/de/x/a.md", "fr": "/out/fr/x/a.md"}


def known(lang, **facts):
    """A line of a translation that is up to date, unless facts say otherwise."""
    done = {
        "sha256": "now",
        "words": 7,
        "project_uid": "p",
        "job_uid": f"j-{lang}",
        "status": "DELIVERED",
        "target_path": TARGETS.get(lang, "/out/x"),
        "target_source_sha256": "now",
        "delivered_at": at(5),
    }
    return line("x/a.md", lang, **done | facts)


def compare(*lines, langs=("de", "fr"), words=None, reopened=(), file=FILE, **options):
    comparison = SourceComparison({key_of(one): one for one in lines}, langs, set(reopened), **options)
    return comparison.compare(file, Fingerprint("now", words), TARGETS)


def test_nothing_is_to_be_done_when_all_is_delivered():
    assert compare(known("de"), known("fr")) is None


def test_file_without_lines_is_new():
    assert compare(words=3) == {
        "kind": "new",
        "path": "/in/x/a.md",
        "relative_path": "x/a.md",
        "base": "/in",
        "size": 9,
        "sha256": "now",
        "words": 3,
        "target_langs": ["de", "fr"],
        "open_langs": [],
        "targets": TARGETS,
        "jobs": {},
    }


def test_file_whose_upload_failed_is_new_again():
    failed = {"job_uid": None, "error": "busy", "delivered_at": None}
    assert compare(known("de", **failed), known("fr", **failed), words=3)["kind"] == "new"


def test_other_content_is_a_change_in_the_languages_that_have_the_old_one():
    change = compare(known("de", sha256="old"), known("fr"), words=4)
    assert (change["kind"], change["target_langs"], change["open_langs"]) == ("changed", ["de"], [])
    assert change["jobs"]["de"] == {"project_uid": "p", "job_uid": "j-de"}
    assert change["words"] == 4


def test_language_without_a_job_is_added_and_the_others_say_where_from():
    change = compare(known("de"))
    assert (change["kind"], change["target_langs"]) == ("languages", ["fr"])
    assert change["jobs"] == {"de": {"project_uid": "p", "job_uid": "j-de"}}
    assert change["targets"] == {"fr": "/out/fr/x/a.md"}
    assert change["words"] == 7


def test_language_may_be_added_from_one_that_is_no_longer_wanted():
    change = compare(known("ja"), langs=["de"])
    assert (change["kind"], list(change["jobs"])) == ("languages", ["ja"])


def test_change_and_new_language_at_once_are_one_change():
    change = compare(known("de", sha256="old"), words=4)
    assert (change["kind"], change["target_langs"], list(change["jobs"])) == ("changed", ["de", "fr"], ["de"])


@pytest.mark.parametrize(
    "facts",
    [
        {"delivered_at": None, "target_source_sha256": None, "target_path": None, "status": "NEW"},
        {"target_source_sha256": "old", "status": "COMPLETED"},
        {"target_path": "/elsewhere/de/x/a.md"},
        {"error": "the disk is full"},
    ],
)
def test_what_is_in_phrase_as_it_is_and_not_delivered_where_it_is_wanted_is_open(facts):
    change = compare(known("de", **facts), known("fr"))
    assert (change["kind"], change["target_langs"], change["open_langs"]) == ("open", [], ["de"])
    assert change["targets"] == {"de": TARGETS["de"]}
    assert change["jobs"]["de"]["job_uid"] == "j-de"


@pytest.mark.parametrize("status", ["DELIVERED", "CANCELLED"])
def test_what_people_completed_again_is_open(status):
    change = compare(known("de", status=status), known("fr"), reopened=[("x/a.md", "de")])
    assert (change["kind"], change["open_langs"]) == ("open", ["de"])


@pytest.mark.parametrize("sha256", ["now", "old"])
def test_cancelled_language_is_left_alone_whatever_the_content(sha256):
    cancelled = known("de", status="CANCELLED", sha256=sha256, delivered_at=None)
    assert compare(cancelled, known("fr")) is None
    change = compare(cancelled, known("fr", sha256="old"))
    assert change["target_langs"] == ["fr"]


@pytest.mark.parametrize("status", ["GONE", "IMPORT FAILED"])
def test_job_that_is_lost_is_made_again_for_other_content_only(status):
    ended = {"status": status, "delivered_at": None}
    assert compare(known("de", **ended), known("fr")) is None
    change = compare(known("de", sha256="old", **ended), known("fr"))
    assert (change["kind"], change["target_langs"], list(change["jobs"])) == ("languages", ["de"], ["fr"])


@pytest.mark.parametrize(("status", "kind"), [("GONE", "new"), ("IMPORT FAILED", "new"), ("CANCELLED", None)])
def test_job_that_is_lost_is_made_again_on_request_but_not_a_cancelled_one(status, kind):
    lines = [known(lang, status=status, delivered_at=None) for lang in ("de", "fr")]
    change = compare(*lines, words=1, retry_failed=True)
    assert (change and change["kind"]) == kind


def test_language_is_not_added_from_a_job_that_is_lost():
    change = compare(known("ja", status="GONE"), langs=["de"], words=1)
    assert (change["kind"], change["jobs"]) == ("new", {})


def test_file_that_is_there_again_is_as_it_was_or_new_where_its_jobs_were_cancelled():
    assert compare(known("de", deleted_at=at(9)), known("fr", deleted_at=at(9))) is None
    cancelled = {"deleted_at": at(9), "status": "CANCELLED"}
    change = compare(known("de", **cancelled), known("fr", **cancelled), words=1)
    assert change["target_langs"] == ["de", "fr"]


def test_accents_may_be_composed_otherwise_than_in_the_manifest():
    file = SourceFile("/in/o\u0308.md", "o\u0308.md", 9)
    lines = [known(lang) | {"source": "\xf6.md"} for lang in ("de", "fr")]
    assert compare(*lines, file=file) is None


def test_checksums_of_a_file_are_those_of_its_jobs():
    lines = [known("de", sha256="old"), known("fr"), known("ja", sha256=None)]
    comparison = SourceComparison({key_of(one): one for one in lines}, ["de"])
    assert comparison.checksums(FILE) == {"old", "now", None}
    assert comparison.checksums(SourceFile("/in/b.md", "b.md", 1)) == set()


def test_sources_that_were_not_found_are_gone_unless_that_is_known():
    lines = [known("de"), known("fr", job_uid=None, target_path=None)]
    lines += [line("b.md", deleted_at=at(1)), line(unicodedata.normalize("NFC", "ö.md"))]
    comparison = SourceComparison({key_of(one): one for one in lines}, ["de"])
    (gone,) = comparison.gone([SourceFile("/in/o\u0308.md", "o\u0308.md", 1)])
    assert (gone["kind"], gone["relative_path"], gone["target_langs"]) == ("deleted", "x/a.md", ["de", "fr"])
    assert (gone["targets"], list(gone["jobs"])) == ({"de": TARGETS["de"]}, ["de"])
    assert comparison.count_known() == 2
