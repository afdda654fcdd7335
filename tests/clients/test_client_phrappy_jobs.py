"""phrappy 1.1.0 changes jobs one by one and in batches."""

from __future__ import annotations

import pytest
from phrappy.exceptions import PhrappyError


@pytest.fixture
def linguist(client):
    return client.user.get_list_of_users_filtered(role=["LINGUIST"]).content[0]


def test_search(client, project, references):
    found = client.job.search_parts_in_project(project_uid=project.uid, search_jobs_request_dto_v1=references)
    assert {job.uid for job in found.jobs} == {job["uid"] for job in references["jobs"]}


def test_one_job(client, project, jobs, part, linguist):
    place = {"project_uid": project.uid, "job_uid": jobs[0].uid}
    provider = {"type": "USER", "id": linguist.id}
    patched = client.job.patch_part(**place, job_part_patch_single_dto_v1={"providers": [provider]})
    assert [found.id for found in patched.providers] == [linguist.id]
    edited = client.job.edit_part(**place, job_part_update_single_dto_v1={"status": "ACCEPTED"})
    assert (edited.status, edited.providers) == ("ACCEPTED", [])
    changes = client.job.status_changes(**place).statusChanges
    assert "ACCEPTED" in [change.status for change in changes]
    assert client.job.get_parts_workflow_step(**place).workflowLevel == jobs[0].workflowLevel
    assert client.job.get_completed_file_warnings(**place).warnings == []


def test_batches(client, project, jobs, references, part):
    client.job.edit_parts(
        project_uid=project.uid, job_part_update_batch_dto_v1={"status": "ACCEPTED", **references}
    )
    assert part(jobs[1]).status == "ACCEPTED"
    unknown = {"jobs": [*references["jobs"], {"uid": "unknown"}], "status": "COMPLETED"}
    result = client.job.patch_update_job_parts(job_part_patch_batch_dto_v3=unknown)
    assert (result.updated, len(result.errors)) == (6, 1)
    assert part(jobs[1]).status == "COMPLETED"


def test_vendor_gets_a_job(client, project, jobs):
    (vendor,) = client.vendor.list_vendors(name="words").content
    assert client.vendor.get_vendor(vendor_uid=vendor.uid).name == vendor.name
    provider = {"type": "VENDOR", "id": vendor.id}
    patched = client.job.patch_part(
        project_uid=project.uid, job_uid=jobs[0].uid, job_part_patch_single_dto_v1={"providers": [provider]}
    )
    assert [found.uid for found in patched.providers] == [vendor.uid]


def test_split(client, project, jobs):
    parts = client.job.split(
        project_uid=project.uid, job_uid=jobs[0].uid, split_job_action_dto_v1={"partCount": 2}
    )
    assert len(parts.jobs) == 2


def test_assign_and_tell(client, project, template, references):
    assigned = client.project.assign_linguists_from_template(
        project_uid=project.uid, template_uid=template.uid
    )
    assert assigned.jobs
    client.project.assign_linguists_from_template_to_job_parts(
        project_uid=project.uid, template_uid=template.uid, job_part_references=references
    )
    mail = client.email_template.list_org_email_templates().content[0]
    client.job.notify_assigned(
        project_uid=project.uid,
        notify_job_parts_request_dto_v1={"emailTemplate": {"id": mail.id}, **references},
    )
    with pytest.raises(PhrappyError, match="Status: 4"):
        client.job.notify_assigned(
            project_uid=project.uid,
            notify_job_parts_request_dto_v1={"emailTemplate": {"id": "0"}, **references},
        )


def test_clones_in_an_added_language(client, project, jobs):
    client.project.add_target_language_to_project(
        project_uid=project.uid,
        request_body_for_adding_target_languages_to_a_project={"targetLangs": ["sv"]},
    )
    first = next(job for job in jobs if job.workflowLevel == 1)
    cloned = client.job.clone_jobs(
        project_uid=project.uid,
        clone_jobs_request_dto_v1={
            "jobPartTargetLangs": [{"jobPart": {"uid": first.uid}, "targetLangs": ["sv"]}]
        },
    )
    assert [(job.targetLang, job.filename) for job in cloned.jobs] == [("sv", first.filename)] * 3
