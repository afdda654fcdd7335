from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.collection import Collection, claim_lines

LATER = "2999-01-01T00:00:00.000000+00:00"
PROJECT = {"uid": "P1", "name": "Spring/site"}


def job(uid="j1", name="a.md", folder="docs", lang="pt_br"):
    return {"uid": uid, "filename": name, "originalFileDirectory": folder, "targetLang": lang}


def rows_of(*jobs, project=PROJECT, **options):
    collection = Collection("/out", **options)
    collection.add(project, jobs, lambda part: f"checksum of {part['filename']}")
    return collection.rows()


def test_target_is_named_from_project_folder_name_and_language():
    (row,) = rows_of(job())
    assert row == {
        "project_uid": "P1",
        "job_uid": "j1",
        "target_lang": "pt_br",
        "source": "",
        "relative_path": "P1/docs/a.md",
        "target_path": "/out/Spring-site/pt-BR/docs/a.md",
        "sha256": "checksum of a.md",
        "words": None,
        "outcome": "adopted",
        "error": None,
    }


def test_pattern_and_language_format_are_the_users():
    (row,) = rows_of(job(), naming="{project_uid}/{stem}.{lang}{suffix}", language_format="posix")
    assert row["target_path"] == "/out/P1/a.pt_BR.md"


@pytest.mark.parametrize("name", ["{lang}", "{0.__class__}", "..", "../../etc"])
def test_name_of_a_project_is_never_a_pattern_or_a_way_out(name):
    (row,) = rows_of(job(), project={"uid": "P1", "name": name})
    assert row["target_path"].startswith("/out/")
    assert ".." not in row["target_path"].split("/")
    assert "class" not in row["target_path"] or "__class__" in row["target_path"]


@pytest.mark.parametrize(
    "bad",
    [
        job(folder=".."),
        job(folder="docs/../../etc"),
        job(name="..\\..\\a.md"),
        job(folder="C:\\Users\\me"),
        job(folder="a//b"),
        job(name="a\nb.md"),
        job(name=""),
        job(lang="not a language"),
        job(name="x" * 300),
    ],
)
def test_name_that_leads_elsewhere_fails_alone(bad):
    failed, good = rows_of({**bad, "uid": "bad"}, job("good", "b.md"))
    assert (failed["outcome"], failed["job_uid"], failed["target_path"]) == ("failed", None, None)
    assert failed["error"].startswith("Job bad (")
    assert good["job_uid"] == "good"


def test_two_jobs_that_would_write_one_file_are_both_told():
    first, second, other = rows_of(job("j1"), job("j2"), job("j3", lang="de"))
    assert "same file as j2" in first["error"]
    assert "same file as j1" in second["error"]
    assert (first["job_uid"], second["job_uid"], other["job_uid"]) == (None, None, "j3")


def test_file_of_another_project_is_not_replaced_unless_that_is_wanted():
    written = {
        "source": "P0/docs/a.md",
        "target_lang": "pt_br",
        "project_uid": "P0",
        "target_path": "/out/Spring-site/pt-BR/docs/a.md",
        "target_sha256": "aa",
    }
    known = {ManifestKey("P0/docs/a.md", "pt_br"): written}
    (row,) = rows_of(job(), known=known)
    assert "is there already, from project P0" in row["error"]
    (row,) = rows_of(job(), known=known, overwrite=True)
    assert row["error"] is None
    own = {ManifestKey("P1/docs/a.md", "pt_br"): {**written, "source": "P1/docs/a.md", "project_uid": "P1"}}
    (row,) = rows_of(job(), known=own)
    assert row["error"] is None, "completed again, it is delivered again"


def test_claim_keeps_what_is_known_of_an_earlier_delivery():
    key = ManifestKey("P1/docs/a.md", "pt_br")
    known = {
        key: {
            "target_sha256": "aa",
            "target_path": "/out/old.md",
            "delivered_at": "then",
            "run": "old",
            "at": LATER,
        }
    }
    rows = rows_of(job(), job("j2", folder=".."))
    line, failed = claim_lines(rows, "new", known)
    assert (line["target_sha256"], line["delivered_at"], line["run"]) == ("aa", None, "new")
    assert line["sha256"] == "checksum of a.md"
    assert line["at"] > LATER, "it takes the place of the earlier line, whatever the clocks say"
    assert (line["job_uid"], line["status"], line["target_path"]) == (
        "j1",
        "COMPLETED",
        rows[0]["target_path"],
    )
    assert failed["error"] == rows[1]["error"]
    assert "job_uid" not in failed


@pytest.mark.parametrize("options", [{"naming": "{nothing}"}, {"naming": "/{name}"}, {"naming": "{lang"}])
def test_broken_pattern_is_refused(options):
    with pytest.raises(PhraseInputError):
        Collection("/out", **options)


def test_target_folder_is_needed():
    with pytest.raises(PhraseInputError, match="No target folder"):
        Collection(" ")
