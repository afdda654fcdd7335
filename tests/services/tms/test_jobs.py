"""Which files a task uploads, and which are in Phrase as they are."""

from __future__ import annotations

import json

import pytest
from phrase_fixtures import UPLOAD
from task_runs import context

from phrase_provider.exceptions import PhraseOutcomeUnknownError, PhraseSourceChangedError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator


def create(project_uid, source, **arguments):
    task = PhraseTmsCreateJobsOperator(task_id="task", project_uid=project_uid, source=source, **arguments)
    return task.execute(context())


def test_only_missing_languages_are_uploaded(phrase, folder):
    project_uid = phrase.project("de", "pt_br", "fr")
    (german,) = create(project_uid, f"{folder}/guide.md", target_langs=["de"])
    phrase.forget()
    rows = create(project_uid, f"{folder}/guide.md")
    (upload,) = phrase.sent(**UPLOAD)
    assert json.loads(dict(upload["headers"])["memsource"])["targetLangs"] == ["pt_br", "fr"]
    assert rows[0] == german
    assert [row["target_lang"] for row in rows] == ["de", "pt_br", "fr"]


def test_split_job_is_found_once(phrase, folder):
    project_uid = phrase.project("de")
    first = create(project_uid, f"{folder}/guide.md")
    phrase.simulator.job(first[0]["job_uid"], "split")
    assert create(project_uid, f"{folder}/guide.md") == first


def test_changed_source_stops_the_task_before_the_first_upload(phrase, folder):
    project_uid = phrase.project("de")
    create(project_uid, f"{folder}/web/strings.json", base=str(folder))
    (folder / "web/strings.json").write_text('{"greeting": "Goodbye"}')
    phrase.forget()
    with pytest.raises(PhraseSourceChangedError, match=r"web/strings\.json has changed.*another batch id"):
        create(project_uid, f"{folder}/**/*")
    assert phrase.costly() == []


@pytest.fixture
def failed_import(phrase, folder):
    """A project in which a file could not be imported, which was mended since; and the uid of its job."""
    project_uid = phrase.project("de")
    (row,) = create(project_uid, f"{folder}/guide.md")
    phrase.simulator.job(row["job_uid"], "fail-import")
    (folder / "guide.md").write_text("Mended")
    phrase.forget()
    return project_uid, row["job_uid"]


def test_mended_file_is_uploaded_again_after_a_failed_import(phrase, folder, failed_import):
    project_uid, failed = failed_import
    (row,) = create(project_uid, f"{folder}/guide.md")
    assert row["job_uid"] != failed
    assert [upload["body"] for upload in phrase.sent(**UPLOAD)] == ["Mended"]
    assert create(project_uid, f"{folder}/guide.md") == [row]
    phrase.import_files()
    assert create(project_uid, f"{folder}/guide.md") == [row]
    assert len(phrase.sent(**UPLOAD)) == 1


def test_failed_import_is_not_taken_for_an_upload_that_got_lost(phrase, folder, failed_import):
    project_uid, failed = failed_import
    phrase.simulator.fault(**UPLOAD, reset_before=True)
    with pytest.raises(PhraseOutcomeUnknownError):
        create(project_uid, f"{folder}/guide.md")
    (row,) = create(project_uid, f"{folder}/guide.md")
    assert row["job_uid"] != failed


def test_file_that_could_not_be_imported_twice_is_not_uploaded_a_third_time(phrase, folder, failed_import):
    project_uid, _ = failed_import
    (row,) = create(project_uid, f"{folder}/guide.md")
    phrase.simulator.job(row["job_uid"], "fail-import")
    phrase.forget()
    assert create(project_uid, f"{folder}/guide.md") == [row]
    assert phrase.costly() == []
