"""
phrappy 1.1.0, generated from the specification of August 2026.

Its own strict mode cannot be used: the specification leaves some objects without fields (`ObjectReference`),
which Phrase fills.
"""

from __future__ import annotations

import functools

import pytest
from phrappy import Phrappy
from phrappy.exceptions import PhrappyError
from phrappy.models import ObjectReference
from pydantic import BaseModel

DISPOSITION = "filename*=UTF-8''gr%C3%BC%C3%9Fe.txt"


class Strict:
    """A client or a group of its operations; an answer with an undeclared field fails the test."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        return checked(found) if callable(found) else Strict(found)


def checked(operation):
    @functools.wraps(operation)
    def call(**arguments):
        answer = operation(**arguments)
        assert list(undeclared(answer, operation.__name__)) == []
        return answer

    return call


def undeclared(value, where):
    """Name the fields that the models do not have, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from undeclared(item, where)
    elif isinstance(value, BaseModel) and not isinstance(value, ObjectReference):
        yield from (f"{where}.{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from undeclared(getattr(value, name), f"{where}.{name}")


@pytest.fixture
def client(simulator_url, access_token):
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
def jobs(client, project, until):
    """Six parts, two languages in three steps, all imported."""
    created = client.job.create_job(
        project_uid=project.uid,
        memsource={"targetLangs": ["de", "fr"], "path": "docs", "due": "2027-01-30T12:00:00Z"},
        content_disposition=DISPOSITION,
        file_bytes="Grüße\n".encode(),
    )
    request = created.asyncRequest.id
    ended = until(
        lambda: client.async_request.get_async_request(async_request_id=request),
        lambda answer: answer.asyncResponse,
    )
    assert ended.asyncResponse.errorCode is None
    assert (ended.action, ended.project.uid) == ("IMPORT_JOB", project.uid)
    return created.jobs


def part(client, project, job):
    return client.job.get_part(project_uid=project.uid, job_uid=job.uid)


def test_who_am_i(client):
    answer = client.authentication.who_am_i()
    assert answer.user.userName
    assert answer.user.role == "ADMIN"


def test_templates(client, template):
    page = client.project_template.get_project_templates(page_size=2, sort="templateName", direction="asc")
    assert (page.numberOfElements, page.totalElements, page.totalPages) == (2, 3, 2)
    shown = client.project_template.get_project_template(project_template_uid=template.uid)
    assert shown.uid == template.uid
    assert len(shown.workflowSteps) == 3


def test_create_read_change_and_delete_a_project(client, project):
    shown = client.project.get_project(project_uid=project.uid)
    assert (shown.name, shown.note, shown.targetLangs) == ("phrappy", "A note", ["de", "fr"])
    assert shown.client.name == "Acme"
    listed = client.project.list_projects(name="phrap", target_langs=["fr"], statuses=["NEW"])
    assert project.uid in {found.uid for found in listed.content}
    changed = client.project.patch_project(
        project_uid=project.uid, patch_project_dto_v1={"name": "Renamed", "purchaseOrder": "P-1"}
    )
    assert (changed.name, changed.purchaseOrder, changed.note) == ("Renamed", "P-1", "A note")
    client.project.set_project_status(
        project_uid=project.uid, set_project_status_dto_v1={"status": "COMPLETED"}
    )
    assert client.project.get_project(project_uid=project.uid).status == "COMPLETED"
    client.project.delete_project(project_uid=project.uid)
    with pytest.raises(PhrappyError, match="404"):
        client.project.get_project(project_uid=project.uid)


def test_jobs_of_each_language_and_step(client, project, jobs):
    assert len(jobs) == 6
    for level in (1, 2, 3):
        page = client.job.list_parts_v2(project_uid=project.uid, workflow_level=level)
        assert {job.targetLang for job in page.content} == {"de", "fr"}
    shown = part(client, project, jobs[0])
    assert (shown.filename, shown.originalFileDirectory) == ("grüße.txt", "docs")
    assert (shown.imported, shown.importStatus.status) == (True, "OK")
    found = client.job.list_parts_v2(project_uid=project.uid, target_lang="fr", status=["NEW", "ACCEPTED"])
    assert {job.targetLang for job in found.content} <= {"fr"}
    original = client.job.get_original_file(project_uid=project.uid, job_uid=jobs[0].uid)
    assert original.decode() == "Grüße\n"


def test_translate_export_and_deliver(client, project, jobs, until):
    (job,) = [job for job in jobs if (job.targetLang, job.workflowLevel) == ("de", 3)]
    until(lambda: part(client, project, job), lambda answer: answer.status == "COMPLETED")
    started = client.job.completed_file_v3(project_uid=project.uid, job_uid=job.uid)
    assert (started.reference.type, started.reference.uid) == ("JOB", job.uid)
    request = started.asyncRequest.id
    until(
        lambda: client.async_request.get_async_request(async_request_id=request),
        lambda answer: answer.asyncResponse,
    )
    target = client.job.download_completed_file(
        project_uid=project.uid, job_uid=job.uid, async_request_id=request
    )
    assert target.decode() == "⟦de⟧ Ĝřüßé\n"
    client.job.set_status(
        project_uid=project.uid,
        job_uid=job.uid,
        job_status_change_action_dto_v1={"requestedStatus": "DELIVERED", "propagateStatus": True},
    )
    assert part(client, project, job).status == "DELIVERED"


def test_async_requests(client, jobs):
    client.async_request.get_current_limit_status()
    pending = client.async_request.list_pending_requests(all=True, page_size=10)
    assert pending.numberOfElements == len(pending.content)


def test_delete_jobs(client, project, jobs):
    client.job.delete_parts(
        project_uid=project.uid, job_part_delete_references={"jobs": [{"uid": jobs[0].uid}]}, purge=True
    )
    with pytest.raises(PhrappyError, match="404"):
        part(client, project, jobs[0])
