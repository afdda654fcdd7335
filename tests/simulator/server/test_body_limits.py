"""The sizes of requests."""

from __future__ import annotations

import pytest


def chunked(size):
    """Give a body whose length no header tells."""
    return iter([b"a" * 1000] * (size // 1000))


@pytest.mark.parametrize("shape", [lambda size: b"a" * size, chunked])
def test_uploads_have_a_limit(phrase, shape):
    project = phrase.project()["uid"]
    phrase.simulator.settings(upload_limit=500_000)
    assert phrase.upload(project, content=shape(500_000)).status_code == 201
    refused = phrase.upload(project, content=shape(900_000))
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "InvalidArguments")
    assert "more than 500000 bytes" in refused.json()["errorDescription"]
    assert phrase.get("v1/projects").status_code == 200
    assert len(phrase.jobs(project)) == 1


@pytest.mark.parametrize("shape", [lambda size: b" " * size, chunked])
@pytest.mark.parametrize("path", ["web/api2/v3/projects", "_simulator/settings", "idm/oauth/token"])
def test_other_requests_have_a_limit(phrase, path, shape):
    content = shape(17_000_000)
    answer = phrase.http.post(f"{phrase.simulator.url}/{path}", data=content, timeout=60)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert "bytes" in answer.json()["errorDescription"]
