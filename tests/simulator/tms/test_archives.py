"""ZIP files as sources: one upload, several jobs."""

from __future__ import annotations

import io
import zipfile

import pytest

HELLO, BYE = b"Hello world\n", b"Good bye\nmy friends\n"


def packed(compression=zipfile.ZIP_DEFLATED, **files):
    """Give a ZIP; `__` in a name stands for a slash."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.mkdir("empty")
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".txt", content)
    return buffer.getvalue()


def added(archive, name, content=b"x"):
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a") as opened:
        opened.writestr(name, content)
    return buffer.getvalue()


def encrypted(archive):
    """Set the flag of encryption, in the file's own header and in the directory."""
    changed = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[archive.rindex(mark) + offset] |= 1
    return bytes(changed)


@pytest.fixture
def project(phrase):
    phrase.simulator.settings(work_moves=False)
    return phrase.project(steps=2, targetLangs=["de", "fr"])["uid"]


def test_each_file_becomes_jobs_of_its_own(phrase, project):
    content = packed(a=HELLO, docs__b=BYE, docs__deep__a=BYE)
    answer = phrase.upload(project, "all.zip", content, targetLangs=["de", "fr"])
    assert answer.status_code == 201
    assert answer.json()["unsupportedFiles"] == []
    assert [(job["filename"], job["targetLang"], job["workflowLevel"]) for job in answer.json()["jobs"]] == [
        (name, language, level)
        for name in ("a.txt", "b.txt", "a.txt")
        for language in ("de", "fr")
        for level in (1, 2)
    ]
    phrase.simulator.advance(20)
    jobs = [phrase.job(project, job["uid"]) for job in phrase.jobs(project, targetLang="de")]
    folders = [(job["originalFileDirectory"], job["filename"], job["wordsCount"]) for job in jobs]
    assert folders == [(None, "a.txt", 2), ("docs", "b.txt", 4), ("docs/deep", "a.txt", 4)]
    assert {job["importStatus"]["status"] for job in jobs} == {"OK"}
    assert len({job["innerId"] for job in jobs}) == 3
    original = phrase.get(f"v1/projects/{project}/jobs/{jobs[1]['uid']}/original")
    assert original.content == BYE


def test_inner_folders_follow_the_path_of_the_upload(phrase, project):
    phrase.upload(project, "ALL.ZIP", packed(a=HELLO, docs__b=BYE), path="site/en")
    found = [phrase.job(project, job["uid"])["originalFileDirectory"] for job in phrase.jobs(project)]
    assert found == ["site/en", "site/en/docs"]


def test_what_phrase_does_not_read_is_named_with_its_folder(phrase, project):
    content = added(added(packed(docs__a=HELLO), "bin/tool.exe"), "inner.zip", packed(b=BYE))
    answer = phrase.upload(project, "all.zip", content).json()
    assert {job["filename"] for job in answer["jobs"]} == {"a.txt"}
    assert answer["unsupportedFiles"] == ["bin/tool.exe", "inner.zip"]


def test_file_that_fails_holds_up_no_other(phrase, project):
    content = added(packed(a=HELLO), "b.json", b"{")
    answer = phrase.upload(project, "all.zip", content).json()
    phrase.simulator.advance(20)
    states = {
        job["filename"]: phrase.job(project, job["uid"])["importStatus"]["status"] for job in answer["jobs"]
    }
    assert states == {"a.txt": "OK", "b.json": "ERROR"}
    ended = phrase.get(f"v1/async/{answer['asyncRequest']['id']}").json()["asyncResponse"]
    assert ended["errorCode"] == "JobImportFailed"


def test_one_file_can_be_failed_by_command(phrase, project):
    jobs = phrase.upload(project, "all.zip", packed(a=HELLO, b=BYE)).json()["jobs"]
    phrase.simulator.job(jobs[0]["uid"], "fail-import")
    found = [phrase.job(project, job["uid"])["importStatus"]["status"] for job in jobs]
    assert found == ["ERROR", "ERROR", "OK", "OK"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"no ZIP", "cannot be read"),
        (packed(a=HELLO)[:-10], "cannot be read"),
        (packed(zipfile.ZIP_STORED, a=HELLO).replace(HELLO, HELLO.upper()), "cannot be read"),
        (encrypted(packed(a=HELLO)), "encrypted"),
        (packed(), "no files"),
        (added(packed(), "../a.txt"), "relative paths"),
        (added(packed(), "/a.txt"), "relative paths"),
        (added(packed(), "docs\\..\\..\\a.txt"), "relative paths"),
        (packed(zipfile.ZIP_LZMA, a=HELLO), "deflated"),
        (packed(a=bytes(20_000_000)), "too many bytes"),
        (packed(**{f"n{number}": bytes(3_000_000) for number in range(4)}), "too many bytes"),
        (packed(zipfile.ZIP_STORED, **{f"n{number}": b"" for number in range(10_001)}), "10000 files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_archive_that_cannot_be_unpacked_is_refused(phrase, project, content, text):
    answer = phrase.upload(project, "all.zip", content)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert text in answer.json()["errorDescription"]
    assert phrase.jobs(project) == []


def test_size_of_archives_has_a_limit(phrase, project):
    content = packed(a=HELLO)
    assert phrase.simulator.settings(zip_limit=len(content) - 1)["zip_limit"] == len(content) - 1
    answer = phrase.upload(project, "all.zip", content)
    assert (answer.status_code, "more than" in answer.json()["errorDescription"]) == (400, True)
    assert phrase.upload(project, "all.txt", content).status_code == 201
    phrase.simulator.settings(zip_limit=len(content))
    assert phrase.upload(project, "all.zip", content).status_code == 201
