"""A request takes effect after its client has given up: it is found, or told of."""

from __future__ import annotations

import time

import pytest
from phrase_fixtures import UPLOAD
from task_process import TaskRun

from phrase_provider.exceptions import PhraseOutcomeUnknownError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CREATE = {"method": "POST", "path": "applyTemplate"}


@pytest.fixture
def project_run(phrase, tmp_path):
    def task():
        return PhraseTmsCreateProjectFromTemplateOperator(
            task_id="task", template="Translation", batch_id="web-42"
        )

    phrase.template()  # What is imported at first use is loaded now.
    return TaskRun(tmp_path / "state", task)


@pytest.fixture
def job_run(phrase, tmp_path):
    project_uid, source = phrase.project("de"), tmp_path / "guide.md"
    source.write_text("Hello")

    def task():
        return PhraseTmsCreateJobsOperator(task_id="task", project_uid=project_uid, source=str(source))

    return TaskRun(tmp_path / "state", task)


RUNS = [("project_run", CREATE), ("job_run", UPLOAD)]
both = pytest.mark.parametrize(("run", "request_"), RUNS, ids=["project", "job"])


@both
def test_found_within_the_reconciliation_timeout(phrase, request, monkeypatch, run, request_):
    monkeypatch.setenv("AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT", "5")
    run = request.getfixturevalue(run)
    phrase.simulator.fault(**request_, late=0.8)
    result = run.run()
    assert len(phrase.sent(**request_)) == 1
    assert run.run() == result


@both
def test_found_by_the_next_try_which_looks_long_enough(phrase, request, connect, run, request_):
    connect(timeout=4)
    run = request.getfixturevalue(run)
    phrase.simulator.fault(**request_, late=1.5)
    with pytest.raises(PhraseOutcomeUnknownError):
        run.run()
    assert run.run() == run.run()
    assert len(phrase.sent(**request_)) == 1


def give_up_and_do_it_again(phrase, run, request_):
    """Let the first request take effect only after a second one."""
    phrase.simulator.fault(**request_, late=2.5)
    with pytest.raises(PhraseOutcomeUnknownError):
        run.run()
    result = run.run()
    assert len(phrase.sent(**request_)) == 2
    return result


def wait_until(there):
    give_up = time.monotonic() + 10
    while not there():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_second_project_is_removed_when_its_task_runs_again(phrase, connect, project_run, capsys):
    connect(timeout=1)
    result = give_up_and_do_it_again(phrase, project_run, CREATE)
    wait_until(lambda: len(list(phrase.client.projects.list())) == 2)
    assert project_run.run() == result
    assert [project["uid"] for project in phrase.client.projects.list()] == [result["project_uid"]]
    assert "this task made it, it is empty and is removed" in capsys.readouterr().out


def test_second_upload_is_told_with_its_uid(phrase, connect, job_run, capsys):
    connect(timeout=1)
    (row,) = give_up_and_do_it_again(phrase, job_run, UPLOAD)
    project_uid = row["project_uid"]
    wait_until(lambda: len(list(phrase.client.jobs.list(project_uid))) == 2)
    (late,) = {job["uid"] for job in phrase.client.jobs.list(project_uid)} - {row["job_uid"]}
    phrase.forget()
    capsys.readouterr()
    assert job_run.run() == [row]
    assert (
        f"Job {late} has the file and language of {row['job_uid']}, and is later" in capsys.readouterr().out
    )
    assert phrase.costly() == []
