"""phrappy 1.1.0 takes a file the whole way."""

from __future__ import annotations

import pytest
from phrappy.exceptions import PhrappyError


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


def test_jobs_of_each_language_and_step(client, project, jobs, part):
    assert len(jobs) == 6
    for level in (1, 2, 3):
        page = client.job.list_parts_v2(project_uid=project.uid, workflow_level=level)
        assert {job.targetLang for job in page.content} == {"de", "fr"}
    shown = part(jobs[0])
    assert (shown.filename, shown.originalFileDirectory) == ("grüße.txt", "docs")
    assert (shown.imported, shown.importStatus.status) == (True, "OK")
    found = client.job.list_parts_v2(project_uid=project.uid, target_lang="fr", status=["NEW", "ACCEPTED"])
    assert {job.targetLang for job in found.content} <= {"fr"}
    original = client.job.get_original_file(project_uid=project.uid, job_uid=jobs[0].uid)
    assert original.decode() == "Grüße\nund mehr\n"


def test_translate_export_and_deliver(client, project, jobs, part, until, ended):
    (job,) = [job for job in jobs if (job.targetLang, job.workflowLevel) == ("de", 3)]
    until(lambda: part(job), lambda answer: answer.status == "COMPLETED")
    started = client.job.completed_file_v3(project_uid=project.uid, job_uid=job.uid)
    assert (started.reference.type, started.reference.uid) == ("JOB", job.uid)
    ended(started.asyncRequest)
    target = client.job.download_completed_file(
        project_uid=project.uid, job_uid=job.uid, async_request_id=started.asyncRequest.id
    )
    assert target.decode() == "⟦de⟧ Ĝřüßé\n⟦de⟧ ûñđ méhř\n"
    client.job.set_status(
        project_uid=project.uid,
        job_uid=job.uid,
        job_status_change_action_dto_v1={"requestedStatus": "DELIVERED", "propagateStatus": True},
    )
    assert part(job).status == "DELIVERED"


def test_async_requests(client, jobs):
    client.async_request.get_current_limit_status()
    pending = client.async_request.list_pending_requests(all=True, page_size=10)
    assert pending.numberOfElements == len(pending.content)


def test_delete_jobs(client, project, jobs, part):
    client.job.delete_parts(
        project_uid=project.uid, job_part_delete_references={"jobs": [{"uid": jobs[0].uid}]}, purge=True
    )
    with pytest.raises(PhrappyError, match="404"):
        part(jobs[0])
