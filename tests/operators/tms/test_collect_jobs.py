from __future__ import annotations

import hashlib
import json

import pytest
from people import CLIENT, complete, make_project, upload
from task_runs import context

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.operators.tms.collect_jobs import PhraseTmsCollectJobsOperator
from phrase_provider.services.tms.job_list import JobList


def collect(tmp_path, told=None, **arguments):
    arguments = {"target_folder": f"{tmp_path}/out", **arguments}
    return PhraseTmsCollectJobsOperator(task_id="task", **arguments).execute(told or context())


@pytest.fixture
def project(phrase):
    """A project of people with a complete job and an open one."""
    project_uid = make_project(phrase, "Spring", "de", "fr", client=CLIENT)
    german, _ = upload(phrase, project_uid, "docs/a.md", "de", "fr")
    complete(phrase, german)
    phrase.forget()
    return project_uid, german


def test_complete_jobs_are_listed_without_changing_anything(phrase, project, tmp_path):
    project_uid, german = project
    told = context()
    result = collect(tmp_path, told, client_name="Acme")
    assert {name: result[name] for name in ("projects", "ready", "failed", "todo")} == {
        "projects": 1,
        "ready": 1,
        "failed": 0,
        "todo": True,
    }
    assert len(json.dumps(result)) < 1000
    assert {request["method"] for request in phrase.sent()} == {"GET"}
    (row,) = JobList(result["jobs"]).read()
    assert (row["project_uid"], row["job_uid"]) == (project_uid, german)
    assert row["target_path"] == f"{tmp_path}/out/Spring/de/docs/a.md"
    assert result["manifest"] == f"{tmp_path}/out/phrase-manifest.jsonl"
    (line,) = Manifest(result["manifest"]).read().values()
    assert (line["job_uid"], line["status"]) == (german, "COMPLETED")
    assert line["sha256"] == hashlib.sha256(b"Hello\n\nworld\n").hexdigest()
    assert told["ti"].xcoms["phrase_project_url"].endswith(project_uid)


def test_source_is_read_once_for_all_its_languages(phrase, tmp_path):
    project_uid = make_project(phrase, "Spring", "de", "fr", "ja")
    complete(phrase, *upload(phrase, project_uid, "a.md", "de", "fr", "ja"))
    phrase.forget()
    assert collect(tmp_path, name="Spring")["ready"] == 3
    assert len(phrase.sent("GET", "/original$")) == 1


def test_nothing_complete_is_nothing_to_do(phrase, project, tmp_path):
    project_uid, german = project
    phrase.change_job(project_uid, german, status="DELIVERED")
    result = collect(tmp_path, name="Spring")
    assert (result["ready"], result["todo"]) == (0, False)
    assert JobList(result["jobs"]).read() == []
    assert Manifest(result["manifest"]).read() == {}


def test_projects_of_one_template_are_found_by_its_name(phrase, project, tmp_path):
    other = make_project(phrase, "Spring", steps=2)
    complete(phrase, upload(phrase, other, "b.md")[1])
    result = collect(tmp_path, template="Translation and Revision")
    assert [row["project_uid"] for row in JobList(result["jobs"]).read()] == [other]


def test_job_that_cannot_be_written_is_counted_and_logged(phrase, project, tmp_path, capsys):
    twin = make_project(phrase, "Spring")
    complete(phrase, *upload(phrase, twin, "docs/a.md"))
    result = collect(tmp_path, name="Spring")
    assert (result["ready"], result["failed"], result["todo"]) == (0, 2, True)
    assert capsys.readouterr().out.count("would be written to the same file") == 2
    result = collect(tmp_path, name="Spring", target_naming="{project_uid}/{lang}/{name}")
    assert (result["ready"], result["failed"]) == (2, 0)


def test_list_and_manifest_may_lie_anywhere(phrase, project, tmp_path):
    jobs, manifest = f"{tmp_path}/lists/today.jsonl", f"{tmp_path}/lists/manifest.jsonl"
    result = collect(tmp_path, name="Spring", manifest=manifest, jobs=jobs)
    assert (result["jobs"], result["manifest"]) == (jobs, manifest)
    assert len(JobList(jobs).read()) == len(Manifest(manifest).read()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"name": " "},
        {"name": "Spring", "statuses": "done"},
        {"name": "Spring", "created_within_hours": "soon"},
        {"name": "Spring", "max_projects": 0},
        {"name": "Spring", "max_projects": "9" * 5000},
        {"name": "Spring", "target_naming": "{nothing}"},
        {"name": "Spring", "overwrite": "perhaps"},
        {"name": "Spring", "target_folder": ""},
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(phrase, tmp_path, arguments):
    phrase.client.projects.get(phrase.project())
    phrase.forget()
    with pytest.raises(PhraseInputError):
        collect(tmp_path, **arguments)
    assert phrase.sent() == []


def test_arguments_that_come_from_a_form_are_text(phrase, project, tmp_path):
    result = collect(
        tmp_path,
        name="Spring",
        statuses="new,assigned",
        created_within_hours="24",
        max_projects="5",
        overwrite="False",
        client_name="",
        domain_name="",
        template="",
    )
    assert result["ready"] == 1
