"""A manifest made anew from the projects in Phrase."""

from __future__ import annotations

import hashlib
import logging

import pytest
from phrase_fixtures import Phrase

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseInputError, PhraseNotFoundError
from phrase_provider.manifest.lines import key_of
from phrase_provider.services.tms.manifest_rebuild import ManifestRebuild, TargetPlace, batch_projects

log = logging.getLogger(__name__)
#: What the fixture uploads.
CONTENT = b"Hello\n\nworld\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def rebuilt(phrase: Phrase, *project_uids: str, with_checksums: bool = False, **arguments):
    phrase.forget()
    rebuild = ManifestRebuild(phrase.client, log, with_checksums=with_checksums, **arguments)
    return {key_of(line): line for line in rebuild.lines(project_uids)}


@pytest.fixture
def project_uid(phrase):
    project_uid = phrase.project("de", "fr", steps=2)
    for name in ("a.md", "b.md"):
        phrase.upload(project_uid, name, ["de", "fr"])
    phrase.import_files()
    return project_uid


def highest(phrase, project_uid, name, lang):
    return next(
        part["uid"]
        for part in phrase.client.jobs.list(project_uid, levels=[2], filename=name, target_lang=lang)
    )


def test_each_file_and_language_has_a_line_of_its_highest_step(phrase, project_uid):
    lines = rebuilt(phrase, project_uid)
    assert [request["method"] for request in phrase.sent()] == ["GET", "GET"]
    assert lines.keys() == {(name, lang) for name in ("a.md", "b.md") for lang in ("de", "fr")}
    line = lines["a.md", "fr"]
    assert (line["project_uid"], line["status"], line["run"]) == (project_uid, "NEW", "rebuild")
    assert line["job_uid"] == highest(phrase, project_uid, "a.md", "fr")
    assert line["updated_at"]
    assert "sha256" not in line


def test_checksums_are_read_once_for_each_upload(phrase, project_uid):
    lines = rebuilt(phrase, project_uid, with_checksums=True)
    assert {line["sha256"] for line in lines.values()} == {SHA256}
    assert len(phrase.sent(path="/original$")) == 2


def test_source_that_can_be_reached_gives_size_and_words(phrase, project_uid, tmp_path):
    (tmp_path / "a.md").write_bytes(CONTENT)
    (tmp_path / "b.md").write_text("Other words here")
    lines = rebuilt(phrase, project_uid, with_checksums=True, base=str(tmp_path))
    line = lines["a.md", "de"]
    assert (line["path"], line["size"], line["words"]) == (f"{tmp_path}/a.md", len(CONTENT), 2)
    assert "words" not in lines["b.md", "de"]


@pytest.mark.parametrize(("written", "delivered"), [(True, True), (False, False)])
def test_delivered_job_counts_as_delivered_if_its_target_is_there(
    phrase, project_uid, tmp_path, written, delivered
):
    uid = highest(phrase, project_uid, "a.md", "de")
    phrase.client.jobs.set_status(project_uid, uid, JobStatus.DELIVERED)
    if written:
        (tmp_path / "de").mkdir()
        (tmp_path / "de/a.md").write_text("Hallo")
    targets = TargetPlace(str(tmp_path), "{lang}/{relative_path}", "bcp47")
    lines = rebuilt(phrase, project_uid, with_checksums=True, targets=targets)
    line = lines["a.md", "de"]
    assert bool(line.get("delivered_at")) is delivered
    if delivered:
        assert line["target_path"] == f"{tmp_path}/de/a.md"
        assert line["target_sha256"] == hashlib.sha256(b"Hallo").hexdigest()
        assert line["target_source_sha256"] == SHA256
    assert not lines["b.md", "de"].get("delivered_at")


def test_newest_job_of_a_file_counts_whatever_its_project(phrase, project_uid):
    phrase.simulator.advance(60)
    later = phrase.project("de", steps=1)
    (uid,) = phrase.upload(later, "a.md", ["de"])
    phrase.import_files()
    for order in ((project_uid, later), (later, project_uid)):
        lines = rebuilt(phrase, *order)
        assert lines["a.md", "de"]["job_uid"] == uid
        assert lines["a.md", "fr"]["project_uid"] == project_uid


def test_failed_import_is_told(phrase):
    project_uid = phrase.project("de")
    (uid,) = phrase.upload(project_uid)
    phrase.simulator.job(uid, "fail-import")
    phrase.import_files()
    assert rebuilt(phrase, project_uid)["a.md", "de"]["status"] == "IMPORT FAILED"


def test_missing_project_is_named(phrase):
    with pytest.raises(PhraseNotFoundError):
        rebuilt(phrase, "nowhere")


def test_projects_of_a_batch_are_those_that_this_package_made(phrase):
    template = phrase.template()["uid"]
    note = "[airflow-provider-phrase batch 0123456789abcdef01234567]\n"
    note += "[airflow-provider-phrase run 0123456789abcdef01234567]"
    made = {
        name: phrase.client.projects.create_from_template(
            template, name=name, target_langs=["de"], note=None if "by hand" in name else note
        )["uid"]
        for name in ("Web docs", "Web docs-2026-12", "Web docs-7", "by hand docs", "Web docs-old", "mydocs")
    }
    found = batch_projects(phrase.client, "docs")
    assert set(found) == {made["Web docs"], made["Web docs-2026-12"], made["Web docs-7"]}


def test_unknown_batch_is_refused(phrase):
    with pytest.raises(PhraseInputError, match="no project that this package made for batch 'docs'"):
        batch_projects(phrase.client, "docs")
