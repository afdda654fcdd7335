"""phrasetms-client 1.0.0, generated from the specification of October 2025; strict in types and words."""

from __future__ import annotations

import json

import phrasetms_client as phrase
import pytest
from phrasetms_client.api import (
    analysis_api,
    async_request_api,
    authentication_api,
    job_api,
    project_api,
    project_template_api,
    webhook_api,
)
from phrasetms_client.exceptions import NotFoundException


@pytest.fixture(scope="module")
def http(simulator_url, access_token):
    configuration = phrase.Configuration(host=f"{simulator_url}/web")
    with phrase.ApiClient(configuration, "Authorization", f"Bearer {access_token}") as http:
        yield http


@pytest.fixture
def projects(http):
    return project_api.ProjectApi(http)


@pytest.fixture
def jobs(http):
    return job_api.JobApi(http)


@pytest.fixture
def requests(http):
    return async_request_api.AsyncRequestApi(http)


@pytest.fixture
def template(http):
    return project_template_api.ProjectTemplateApi(http).get_project_templates(name="and Revision").content[0]


@pytest.fixture
def project(projects, template):
    body = phrase.CreateProjectFromTemplateV2Dto(name="phrasetms", target_langs=["ja"], note="A note")
    return projects.create_project_from_template_v2(template.uid, body)


@pytest.fixture
def created(jobs, requests, project, until):
    created = jobs.create_job(
        project.uid,
        memsource=json.dumps({"targetLangs": ["ja"], "useProjectFileImportSettings": True}),
        content_disposition='attachment; filename="strings.json"',
        body=b'{"hello": "Hello {name}"}\n',
    )
    ended = until(
        lambda: requests.get_async_request(int(created.async_request.id)),
        lambda answer: answer.async_response,
    )
    assert ended.async_response.error_code is None
    return created.jobs


def test_who_am_i(http):
    assert authentication_api.AuthenticationApi(http).who_am_i().user.user_name


def test_template(http, template):
    shown = project_template_api.ProjectTemplateApi(http).get_project_template(template.uid)
    assert (shown.template_name, len(shown.workflow_steps)) == (template.template_name, 2)


def test_project(projects, project):
    assert projects.get_project(project.uid).note == "A note"
    listed = projects.list_projects(name="phrasetms", page_size=50)
    assert project.uid in {found.uid for found in listed.content}
    changed = projects.patch_project(project.uid, phrase.PatchProjectDto(note="Another"))
    assert changed.note == "Another"
    projects.set_project_status(project.uid, phrase.SetProjectStatusDto(status="CANCELLED"))
    assert projects.get_project(project.uid).status == "CANCELLED"
    projects.delete_project(project.uid)
    with pytest.raises(NotFoundException):
        projects.get_project(project.uid)


def test_job(jobs, project, created):
    assert len(created) == 2
    listed = jobs.list_parts_v2(project.uid, workflow_level=2)
    assert [job.target_lang for job in listed.content] == ["ja"]
    shown = jobs.get_part(project.uid, listed.content[0].uid)
    assert (shown.filename, shown.import_status.status) == ("strings.json", "OK")
    assert shown.last_workflow_level == 2


def test_translate_export_and_deliver(jobs, requests, project, created, until):
    uid = created[0].uid
    until(lambda: jobs.get_part(project.uid, uid), lambda answer: answer.status == "COMPLETED")
    # This version of the client reads no answer of an export.
    started = jobs.completed_file1_with_http_info(project.uid, uid, _preload_content=False)
    request = json.loads(started.raw_data)["asyncRequest"]["id"]
    until(lambda: requests.get_async_request(int(request)), lambda answer: answer.async_response)
    download = jobs.download_completed_file_with_http_info(project.uid, uid, request, _preload_content=False)
    assert json.loads(download.raw_data) == {"hello": "⟦ja⟧ Héļļö {name}"}
    jobs.set_status(project.uid, uid, phrase.JobStatusChangeActionDto(requested_status="DELIVERED"))
    assert jobs.get_part(project.uid, uid).status == "DELIVERED"


def test_limits(requests):
    assert requests.get_current_limit_status().concurrent_requests.count >= 0
    assert requests.list_pending_requests(page_size=50).page_size == 50


def references(created):
    return [phrase.UidReference(uid=job.uid) for job in created]


def test_job_changes(jobs, project, created):
    uid = created[0].uid
    found = jobs.search_parts_in_project(project.uid, phrase.SearchJobsRequestDto(jobs=references(created)))
    assert {job.uid for job in found.jobs} == {job.uid for job in created}
    patched = jobs.patch_part(project.uid, uid, phrase.JobPartPatchSingleDto(status="ACCEPTED"))
    assert patched.status == "ACCEPTED"
    assert "ACCEPTED" in {change.status for change in jobs.status_changes(project.uid, uid).status_changes}
    batch = phrase.JobPartUpdateBatchDto(jobs=references(created), status="COMPLETED")
    jobs.edit_parts(project.uid, batch)
    assert jobs.get_part(project.uid, uid).status == "COMPLETED"
    result = jobs.patch_update_job_parts(
        phrase.JobPartPatchBatchDto(jobs=references(created), status="DELIVERED")
    )
    assert (result.updated, result.errors) == (2, [])
    assert jobs.get_parts_workflow_step(project.uid, uid).workflow_level == 1
    jobs.delete_parts(project.uid, body=phrase.JobPartDeleteReferences(jobs=references(created)))
    with pytest.raises(NotFoundException):
        jobs.get_part(project.uid, uid)


def test_analyses(http, requests, project, created, until):
    analyses = analysis_api.AnalysisApi(http)
    body = phrase.CreateAnalyseListAsyncDto(jobs=references(created), type="PreAnalyse")
    for started in analyses.create_analyses_for_langs(body).analyses:
        request = int(started.async_request.id)
        until(lambda: requests.get_async_request(request), lambda answer: answer.async_response)  # noqa: B023
    (listed,) = analyses.list_by_project_v3(project.uid).content
    shown = analyses.get_analyse_v3(listed.uid)
    assert shown.analyse_language_parts[0].data.all.words > 0
    analyses.delete(listed.uid)


def test_webhooks(http):
    webhooks = webhook_api.WebhookApi(http)
    body = phrase.CreateWebHookDto(url="http://127.0.0.1:9/", events=["JOB_CREATED"], secret_token="secret")
    made = webhooks.create_web_hook1(body)
    assert made.uid in {found.uid for found in webhooks.get_web_hook_list1(page_size=50).content}
    body.status = "DISABLED"
    assert webhooks.update_web_hook1(made.uid, body).status == "DISABLED"
    assert webhooks.get_web_hook1(made.uid).events == ["JOB_CREATED"]
    assert webhooks.get_webhook_previews(events=["JOB_CREATED"]).previews
    assert webhooks.get_webhook_calls_list(page_size=10).page_size == 10
    webhooks.delete_web_hook1(made.uid)
    with pytest.raises(NotFoundException):
        webhooks.get_web_hook1(made.uid)
