"""phrappy 1.1.0 makes projects in every way, replaces and restores them."""

from __future__ import annotations


def test_project_from_template_asynchronously(client, template, ended):
    started = client.project.create_project_from_template_v2_async(
        template_uid=template.uid,
        create_project_from_template_async_v2_dto_v2={"name": "Async", "targetLangs": ["de"]},
    )
    work = ended(started.asyncRequest)
    assert work.action == "CREATE_PROJECT"
    assert client.project.get_project(project_uid=work.project.uid).name == "Async"


def test_project_without_template(client):
    made = client.project.create_project_v3(
        create_project_v3_dto_v3={"name": "Plain", "sourceLang": "en", "targetLangs": ["cs"]}
    )
    replaced = client.project.edit_project_v3(
        project_uid=made.uid, edit_project_v3_dto_v3={"name": "Replaced", "note": "New"}
    )
    assert (replaced.name, replaced.note, replaced.targetLangs) == ("Replaced", "New", ["cs"])


def test_archive_and_restore(client, project):
    patched = client.project.patch_project(project_uid=project.uid, patch_project_dto_v1={"archived": True})
    assert patched.archived is True
    client.project.restore_project(project_uid=project.uid)
    assert client.project.get_project(project_uid=project.uid).archived is False


def test_workflow_steps(client, project):
    steps = client.project.get_project_workflow_steps_v2(project_uid=project.uid).projectWorkflowSteps
    assert [step.workflowLevel for step in steps] == [1, 2, 3]
