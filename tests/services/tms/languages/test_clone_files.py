from __future__ import annotations

import logging

import pytest

from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.services.tms.languages.clone_files import all_files, files_of_jobs

log = logging.getLogger(__name__)


@pytest.fixture
def project(phrase):
    return phrase.client.projects.get(phrase.project("de", "fr", steps=2))


def test_all_files_are_each_there_once(phrase, project):
    for name in ("b.md", "a.md"):
        phrase.upload(project["uid"], name, ("de", "fr"))
    files = all_files(phrase.client, project, ["sv"])
    assert [(file.relative_path, file.target_langs, file.job) for file in files] == [
        ("a.md", ("sv",), None),
        ("b.md", ("sv",), None),
    ]


def test_jobs_of_one_file_are_one_file(phrase, project):
    uids = phrase.upload(project["uid"], "a.md", ("de", "fr"))
    other = phrase.upload(project["uid"], "b.md", ("de",))
    phrase.import_files()
    files = files_of_jobs(phrase.client, project, [*uids, other[1]], ["sv"], log)
    assert [file.relative_path for file in files] == ["a.md", "b.md"]
    assert files[0].job["uid"] in uids
    assert files[1].job["uid"] == other[1]


def test_job_that_can_be_cloned_is_chosen_before_one_that_cannot(phrase, project):
    german = phrase.upload(project["uid"], "a.md", ("de", "fr"))
    phrase.import_files()
    by_lang = {phrase.client.jobs.get(project["uid"], uid)["targetLang"]: uid for uid in german}
    phrase.change_job(project["uid"], by_lang["fr"], status="CANCELLED")
    (file,) = files_of_jobs(phrase.client, project, list(by_lang.values()), ["sv"], log)
    assert file.job["targetLang"] == "de"


def test_second_upload_of_a_file_is_told(phrase, project, caplog):
    first = phrase.upload(project["uid"], "a.md")[0]
    phrase.simulator.advance(5)
    second = phrase.upload(project["uid"], "a.md")[0]
    phrase.import_files()
    (file,) = files_of_jobs(phrase.client, project, [first, second], ["sv"], log)
    assert file.job["uid"] == second
    assert f"{second} is cloned, {first} is not" in caplog.text


def test_job_of_another_project_is_an_error(phrase, project):
    _, (uid,) = phrase.jobs()
    with pytest.raises(PhraseNotFoundError):
        files_of_jobs(phrase.client, project, [uid], ["sv"], log)
