"""
Clients of Phrase TMS that nobody here wrote, on a running simulator; `make test-clients` runs these tests.

The environment has the clients alone, so the simulator is reached as Phrase is: by its address, over HTTP.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from phrappy import Phrappy
from strict_phrappy import Strict

Answer = TypeVar("Answer")


@pytest.fixture(scope="session")
def simulator_url() -> str:
    return os.environ["PHRASE_SIMULATOR_URL"]


@pytest.fixture(scope="session")
def access_token(simulator_url: str) -> str:
    form = urlencode(
        {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": os.environ["PHRASE_API_TOKEN"],
        }
    )
    with urlopen(f"{simulator_url}/idm/oauth/token", form.encode(), timeout=10) as answer:
        token: str = json.load(answer)["access_token"]
    return token


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], Answer], Callable[[Answer], Any]], Answer]:
    def wait(look: Callable[[], Answer], good: Callable[[Answer], Any]) -> Answer:
        """Look until the answer is good, for 20 seconds at most."""
        deadline = time.monotonic() + 20
        while not good(answer := look()):
            assert time.monotonic() < deadline, answer
            time.sleep(0.05)
        return answer

    return wait


@pytest.fixture
def client(simulator_url, access_token):
    """phrappy, which was generated from the specification of August 2026."""
    with Phrappy(access_token, base_url=f"{simulator_url}/web", auth_scheme="Bearer") as client:
        yield Strict(client)


@pytest.fixture
def template(client):
    return client.project_template.get_project_templates(name="Proofreading").content[0]


@pytest.fixture
def project(client, template):
    return client.project.create_project_from_template_v2(
        template_uid=template.uid,
        create_project_from_template_v2_dto_v2={
            "name": "phrappy",
            "targetLangs": ["de", "fr"],
            "note": "A note",
            "client": {"id": "1001"},
        },
    )


@pytest.fixture
def jobs(client, project, ended):
    """Six parts, two languages in three steps, all imported."""
    created = client.job.create_job(
        project_uid=project.uid,
        memsource={"targetLangs": ["de", "fr"], "path": "docs", "due": "2027-01-30T12:00:00Z"},
        content_disposition="filename*=UTF-8''gr%C3%BC%C3%9Fe.txt",
        file_bytes="Grüße\nund mehr\n".encode(),
    )
    work = ended(created.asyncRequest)
    assert (work.action, work.project.uid) == ("IMPORT_JOB", project.uid)
    return created.jobs


@pytest.fixture
def part(client, project):
    """Read a job of the project."""
    return lambda job: client.job.get_part(project_uid=project.uid, job_uid=job.uid)


@pytest.fixture
def ended(client, until):
    """Wait for an async request to end well."""

    def wait(request):
        answer = until(
            lambda: client.async_request.get_async_request(async_request_id=request.id),
            lambda answer: answer.asyncResponse,
        )
        assert answer.asyncResponse.errorCode is None
        return answer

    return wait


@pytest.fixture
def references(jobs):
    """The jobs, as bodies name them."""
    return {"jobs": [{"uid": job.uid} for job in jobs]}
