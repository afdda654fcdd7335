from __future__ import annotations

import pytest

from phrase_provider.files.sources import SourceFile
from phrase_provider.services.tms.contents import Contents


@pytest.fixture
def source(tmp_path):
    (tmp_path / "a.md").write_text("Hello")
    return SourceFile(str(tmp_path / "a.md"), "a.md", 5)


@pytest.fixture
def contents(client):
    return Contents(client, "p1")


@pytest.fixture
def originals(requests_mock):
    """Sources of jobs, by uid."""

    def register(**texts):
        return {uid: _download(requests_mock, uid, text) for uid, text in texts.items()}

    return register


def _download(requests_mock, uid, text):
    headers = {"Content-Disposition": "attachment; filename=a.md", "Content-Length": str(len(text))}
    url = f"https://tms.test/web/api2/v1/projects/p1/jobs/{uid}/original"
    return requests_mock.get(url, text=text, headers=headers)


def part(uid, second, name="a.md"):
    created = f"2026-11-02T10:00:{second:02}+0000"
    return {
        "uid": uid,
        "filename": name,
        "originalFileDirectory": "",
        "dateCreated": created,
        "sourceFileUid": f"file-{second}",
    }


def test_same_content_is_told_by_one_download(contents, source, originals):
    downloads = originals(j1="Hello", j2="Bye")
    assert [contents.is_same(source, uid) for uid in ("j1", "j2", "j1")] == [True, False, True]
    assert [download.call_count for download in downloads.values()] == [1, 1]


def test_first_job_with_other_content_is_named(contents, source, originals):
    originals(j1="Hello", j2="Bye", j3="Later")
    assert contents.differing(source, [part("j1", 1), part("j2", 2), part("j3", 3)]) == "j2"
    assert contents.differing(source, [part("j1", 1)]) is None


def test_languages_of_one_upload_are_compared_once(contents, source, originals):
    downloads = originals(de="Hello", fr="Hello")
    assert contents.differing(source, [part("de", 1), part("fr", 1)]) is None
    assert [download.call_count for download in downloads.values()] == [1, 0]


def test_latest_uploads_are_searched_for_the_same_content(contents, source, originals):
    downloads = originals(j1="Hello", j2="Bye", j3="Later")
    jobs = [part("j1", 1), part("j2", 2), part("j3", 3)]
    assert contents.same(source, jobs, max_uploads=2) is None
    assert downloads["j1"].call_count == 0
    assert contents.same(source, jobs, max_uploads=3) == "j1"


def test_languages_of_an_upload_are_one_download(contents, originals):
    downloads = originals(j1="Hello", j2="Hello", j3="Bye")
    parts = [
        {"uid": "j1", "sourceFileUid": "f1"},
        {"uid": "j2", "sourceFileUid": "f1"},
        {"uid": "j3", "sourceFileUid": None},
    ]
    first, second, third = map(contents.of_upload, parts)
    assert first == second != third
    assert [download.call_count for download in downloads.values()] == [1, 0, 1]


def test_jobs_with_the_same_content_are_told_by_one_download_for_each_file(contents, source, originals):
    downloads = originals(de="Hello", fr="Hello", ja="Bye")
    assert contents.same_jobs(source, [part("de", 1), part("fr", 1), part("ja", 2)]) == {"de", "fr"}
    assert [download.call_count for download in downloads.values()] == [1, 0, 1]


def test_job_that_got_another_source_is_compared_anew(contents, source, originals):
    originals(de="Bye")
    assert not contents.is_same(source, "de")
    originals(de="Hello")
    contents.forget(["de"])
    assert contents.is_same(source, "de")


def test_languages_that_were_updated_apart_are_compared_each(contents, source, originals):
    originals(de="Hello", fr="Bye")
    jobs = [part("de", 1), {**part("fr", 1), "sourceFileUid": "file-old"}]
    assert contents.differing(source, jobs) == "fr"
