from __future__ import annotations

import io
import zipfile

import pytest


def package(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "content")
    return buffer.getvalue()


GOOD = package("index.html", "css/style.css", "images/a.png")


def upload(phrase, project, content=GOOD, part="file"):
    files = {part: ("preview.zip", content, "application/zip")}
    return phrase.call("POST", f"v1/projects/{project}/jobPreviewPackage", files=files)


def refer(phrase, project, uid):
    return phrase.upload(project, jobPreviewPackageFileUidRef={"uid": uid}).status_code


def test_jobs_refer_to_a_package_by_the_uid_of_its_file(phrase):
    project = phrase.project()["uid"]
    answer = upload(phrase, project)
    found = answer.json()
    assert (answer.status_code, found["fileName"]) == (201, "preview.zip")
    assert (found["projectUidRef"], found["jobUidRef"]) == ({"uid": project}, None)
    assert [refer(phrase, project, found[key]) for key in ("fileUid", "uid")] == [201, 400]
    assert refer(phrase, phrase.project()["uid"], found["fileUid"]) == 400
    phrase.simulator.settings(preview_package_key="uid", preview_package_status=200)
    assert [refer(phrase, project, found[key]) for key in ("fileUid", "uid")] == [400, 201]
    assert upload(phrase, project).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a ZIP",
        GOOD[:-20],
        GOOD.replace(b"content", b"CONTENT"),
        package("style.css"),
        package("index.html", "other.htm"),
        package("index.html", "../style.css"),
        package("index.html", "/style.css"),
    ],
)
def test_what_is_no_package_is_refused(phrase, content):
    answer = upload(phrase, phrase.project()["uid"], content)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")


def test_form_must_have_the_file(phrase):
    project = phrase.project()["uid"]
    path = f"v1/projects/{project}/jobPreviewPackage"
    assert upload(phrase, project, part="package").status_code == 400
    assert phrase.call("POST", path, data=GOOD).status_code == 415
    malformed = phrase.call("POST", path, data=b"x", headers={"Content-Type": "multipart/form-data"})
    assert (malformed.status_code, malformed.json()["errorCode"]) == (400, "InvalidArguments")
