"""What a task noted in an earlier try no longer fits what is in Phrase, or cannot be read."""

from __future__ import annotations

import json

import pytest
from task_process import TaskRun

from phrase_provider.exceptions import PhraseInputError, PhraseLedgerError, PhraseNotFoundError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator


@pytest.fixture
def project_run(phrase, tmp_path):
    def task():
        return PhraseTmsCreateProjectFromTemplateOperator(
            task_id="task", template="Translation", batch_id="web-42", on_clear="new"
        )

    return TaskRun(tmp_path / "project", task)


@pytest.fixture
def job_run(phrase, tmp_path):
    project_uid, source = phrase.project("de", "pt_br"), tmp_path / "guide.md"
    source.write_text("Hello")

    def task():
        return PhraseTmsCreateJobsOperator(
            task_id="task", project_uid=project_uid, source=str(source), on_clear="new"
        )

    return TaskRun(tmp_path / "jobs", task)


def test_project_that_was_deleted_is_not_made_again_by_itself(phrase, project_run):
    project_uid = project_run.run()["project_uid"]
    phrase.client.projects.delete(project_uid)
    phrase.forget()
    told = rf"Creating project 'Translation web-42' was done.*no longer knows.*{project_uid}.*on_clear='new'"
    with pytest.raises(PhraseLedgerError, match=told):
        project_run.run()
    assert phrase.costly() == []


def test_person_gets_a_new_project_for_a_deleted_one_by_clearing(phrase, project_run):
    project_uid = project_run.run()["project_uid"]
    phrase.client.projects.delete(project_uid)
    project_run.clear()
    assert project_run.run()["project_uid"] != project_uid


def test_project_is_known_by_its_uid_whatever_became_of_name_and_note(phrase, project_run):
    project_uid = project_run.run()["project_uid"]
    phrase.change_project(project_uid, name="Shop", note="Ours")
    phrase.forget()
    assert project_run.run()["project_uid"] == project_uid
    assert phrase.costly() == []


def test_archived_project_is_told(phrase, project_run):
    phrase.change_project(project_run.run()["project_uid"], archived=True)
    with pytest.raises(PhraseInputError, match="is archived"):
        project_run.run()


def test_job_that_was_deleted_is_not_charged_again_by_itself(phrase, job_run):
    german, _ = job_run.run()
    phrase.delete_job(german["project_uid"], german["job_uid"])
    phrase.forget()
    told = rf"Uploading guide\.md for de, pt_br was done.*no longer knows.*{german['job_uid']}"
    with pytest.raises(PhraseLedgerError, match=told):
        job_run.run()
    assert phrase.costly() == []


def test_job_that_is_not_found_by_name_is_known_by_its_uid(phrase, job_run, capsys):
    rows = job_run.run()
    phrase.forget()
    nothing = {"content": [], "pageNumber": 0, "totalPages": 0, "totalElements": 0, "numberOfElements": 0}
    phrase.simulator.fault(method="GET", path="/jobs$", status=200, body=nothing, times=None)
    assert job_run.run() == rows
    assert "under another name or folder: other runs do not find it" in capsys.readouterr().out
    assert phrase.costly() == []


def test_jobs_of_a_deleted_project_are_not_sent_anywhere(phrase, job_run):
    phrase.client.projects.delete(job_run.run()[0]["project_uid"])
    phrase.forget()
    with pytest.raises(PhraseNotFoundError):
        job_run.run()
    assert phrase.costly() == []


@pytest.mark.parametrize("run", ["project_run", "job_run"])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 99, "package": "9.9.9"}, r"airflow-provider-phrase 9\.9\.9"),
        ({"version": None}, "not an entry of this provider"),
        ({"state": "finished"}, "is damaged"),
    ],
)
def test_entry_that_cannot_be_read_stops_the_task(phrase, request, run, change, told):
    run = request.getfixturevalue(run)
    run.run()
    run.folder.joinpath("phrase.first_max_tries").unlink(missing_ok=True)
    for file in run.folder.iterdir():
        file.write_text(json.dumps(json.loads(file.read_text()) | change))
    phrase.forget()
    with pytest.raises(PhraseLedgerError, match=f"{told}.*Nothing was sent.*delete the entry"):
        run.run()
    assert phrase.costly() == []


@pytest.mark.parametrize("result", [{}, {"project": "x"}, {"project_uid": 7}])
def test_result_of_another_shape_is_not_followed(phrase, project_run, result):
    project_run.run()
    for file in project_run.folder.glob("phrase.project*"):
        file.write_text(json.dumps(json.loads(file.read_text()) | {"result": result}))
    phrase.change_project(next(phrase.client.projects.list())["uid"], note="")
    phrase.forget()
    with pytest.raises(PhraseLedgerError):
        project_run.run()
    assert phrase.costly() == []
