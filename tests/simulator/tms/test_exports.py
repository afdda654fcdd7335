from __future__ import annotations

import pytest


@pytest.fixture
def job(phrase):
    """A project and its only job, completed."""
    uid = phrase.project()["uid"]
    job = phrase.upload(uid, "grüße.txt", b"Hello {name}\n").json()["jobs"][0]["uid"]
    phrase.simulator.job(job, "complete")
    return uid, job


def test_export_is_downloaded_once(phrase, job):
    started = phrase.export(*job)
    body = started.json()
    request = body["asyncRequest"]["id"]
    assert started.status_code == 202
    assert body["reference"] == {"type": "JOB", "uid": job[1]}
    assert (body["asyncRequest"]["action"], body["asyncRequest"]["asyncResponse"]) == (
        "EXPORT_COMPLETE_FILE",
        None,
    )

    assert phrase.download(*job, request).status_code == 404
    phrase.simulator.advance(15)
    assert phrase.get(f"v1/async/{request}").json()["asyncResponse"]["errorCode"] is None
    answer = phrase.download(*job, request)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "filename*=UTF-8''gr%C3%BC%C3%9Fe.txt"
    assert answer.content.decode() == "⟦de⟧ Héļļö {name}\n"
    again = phrase.download(*job, request)
    assert (again.status_code, again.json()["errorCode"]) == (410, "Gone")


def test_export_of_version_2_has_no_body(phrase, job):
    started = phrase.call("PUT", f"v2/projects/{job[0]}/jobs/{job[1]}/targetFile")
    phrase.simulator.advance(15)
    request = started.json()["asyncRequest"]["id"]
    assert (started.status_code, phrase.download(*job, request).status_code) == (202, 200)


def test_download_counts_from_its_start(phrase, job):
    request = phrase.export(*job).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    phrase.simulator.fault(path="downloadTargetFile", truncate=3)
    with pytest.raises(OSError, match="IncompleteRead"):
        phrase.download(*job, request)
    assert phrase.download(*job, request).status_code == 410


def test_download_answers_are_a_matter_of_settings(phrase, job):
    phrase.simulator.settings(
        early_download_status=400, used_download_status=404, content_disposition_prefix="attachment; "
    )
    request = phrase.export(*job).json()["asyncRequest"]["id"]
    assert phrase.download(*job, request).status_code == 400
    phrase.simulator.advance(15)
    assert phrase.download(*job, request).headers["Content-Disposition"].startswith("attachment; filename*=")
    assert phrase.download(*job, request).status_code == 404


def test_export_of_a_job_that_is_not_imported_is_refused(phrase):
    uid = phrase.project()["uid"]
    answer = phrase.export(uid, phrase.upload(uid).json()["jobs"][0]["uid"])
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "JOB_NOT_READY")


def test_export_of_untouched_work_is_the_source(phrase):
    uid = phrase.project()["uid"]
    job = phrase.upload(uid).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    request = phrase.export(uid, job).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    assert phrase.download(uid, job, request).content == b"Hello\n"


def test_failed_export_fails_once(phrase, job):
    phrase.simulator.job(job[1], "fail-export")
    failed, good = (phrase.export(*job).json()["asyncRequest"]["id"] for _ in range(2))
    phrase.simulator.settings(export_seconds=[1, 1])
    phrase.simulator.advance(15)
    errors = [
        phrase.get(f"v1/async/{request}").json()["asyncResponse"]["errorCode"] for request in (failed, good)
    ]
    assert sorted(errors, key=str) == ["JobExportFailed", None]


def test_async_id_of_another_job_is_not_found(phrase, job):
    other = phrase.upload(job[0]).json()["jobs"][0]["uid"]
    request = phrase.export(*job).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    assert phrase.download(job[0], other, request).status_code == 404
    assert phrase.download(*job, request).status_code == 200


def test_export_takes_a_callback_and_nothing_else(phrase, job):
    path = f"v3/projects/{job[0]}/jobs/{job[1]}/targetFile"
    assert phrase.call("PUT", path, json={"callbackUrl": "https://example.com/x"}).status_code == 202
    assert phrase.call("PUT", path, json={"format": "PDF"}).status_code == 400


def test_pending_requests_are_listed_and_limited(phrase, job):
    requests = [phrase.export(*job).json()["asyncRequest"]["id"] for _ in range(3)]
    listed = phrase.get("v1/async").json()["content"]
    assert [item["id"] for item in listed] == requests
    assert listed[0]["project"]["uid"] == job[0]
    assert phrase.get("v1/async/status").json() == {"concurrentRequests": {"count": 3, "limit": 200}}

    phrase.simulator.settings(pending_limit=3)
    refused = [phrase.export(*job), phrase.upload(job[0])]
    assert [(answer.status_code, answer.json()["errorCode"]) for answer in refused] == [
        (429, "TooManyPendingRequests")
    ] * 2
    phrase.simulator.advance(15)
    assert phrase.get("v1/async").json()["totalElements"] == 0
    assert phrase.export(*job).status_code == 202
