"""What people make in Phrase, for the tests of what collects it."""

from __future__ import annotations

from typing import Any

from phrase_fixtures import Phrase

CLIENT, DOMAIN = {"id": "1001"}, {"id": "2001"}


def make_project(phrase: Phrase, name: str, *langs: str, steps: int = 1, **fields: Any) -> str:
    """Make a project as people do: with a client or domain, and no marker in its note; gives its uid."""
    from phrase_provider.api.endpoint import Endpoint
    from phrase_provider.api.session import Call

    path = f"/api2/v2/projects/applyTemplate/{phrase.template(steps)['uid']}"
    body = {"name": name, "targetLangs": list(langs or ("de",)), **fields}
    return phrase.client.session.json(Call(Endpoint("POST", path, success=201), body=body))["uid"]


def upload(phrase: Phrase, project_uid: str, path: str, *langs: str) -> list[str]:
    """Upload a file with a folder as people's tools write it; gives the uids of all parts."""
    from io import BytesIO

    from phrase_provider.api.tms.job_request import JobRequest

    folder, _, name = path.rpartition("/")
    request = JobRequest(name, langs or ("de",), folder=folder)
    created = phrase.client.jobs.create(project_uid, request, lambda: BytesIO(b"Hello\n\nworld\n"))
    return [part["uid"] for part in created["jobs"]]


def complete(phrase: Phrase, *job_uids: str) -> None:
    """Import what was uploaded, and complete jobs."""
    phrase.import_files()
    for uid in job_uids:
        phrase.simulator.job(uid, "complete")
