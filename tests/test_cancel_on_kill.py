"""What a task does to its jobs when Airflow tells its process to end: nothing, or cancel them."""

from __future__ import annotations

import time

import pytest
from task_runs import context

from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor


@pytest.fixture
def jobs(phrase):
    project_uid, uids = phrase.jobs("de", "pt_br")
    phrase.simulator.job(uids[0], "complete")
    phrase.forget()
    return {"project_uid": project_uid, "job_uids": uids}


def sensor(jobs, **arguments):
    return PhraseTmsJobStatusSensor(task_id="task", deferrable=False, **{**jobs, **arguments})


@pytest.mark.parametrize("whole_project", [False, True])
def test_killed_wait_cancels_its_open_jobs_when_asked_to(phrase, jobs, whole_project):
    task = sensor(jobs, cancel_on_kill=True, **({"job_uids": None} if whole_project else {}))
    task.poke(context())
    task.on_kill()
    assert [phrase.status(jobs["project_uid"], uid) for uid in jobs["job_uids"]] == ["COMPLETED", "CANCELLED"]


def test_killed_wait_does_nothing_by_default(phrase, jobs):
    task = sensor(jobs)
    task.poke(context())
    phrase.forget()
    task.on_kill()
    assert phrase.sent() == []


def test_task_that_is_killed_before_it_asked_phrase_does_not_ask_airflow_for_the_connection(phrase, jobs):
    task = sensor(jobs, cancel_on_kill=True, phrase_conn_id="nowhere")
    task.on_kill()
    assert phrase.sent() == []


def test_kill_is_over_before_airflow_ends_the_process(phrase, jobs, monkeypatch):
    monkeypatch.setattr("phrase_provider.services.tms.cancellation.ON_WORKER", 0.4)
    task = sensor(jobs, cancel_on_kill=True)
    task.poke(context())
    phrase.simulator.fault(path="/jobs$", hang=True, times=None)
    began = time.monotonic()
    task.on_kill()
    # Else it would wait for the answer, which never comes.
    assert time.monotonic() - began < 15


def test_other_operators_do_nothing(phrase, jobs, tmp_path):
    job = {"project_uid": jobs["project_uid"], "job_uid": jobs["job_uids"][0]}
    export = PhraseTmsExportTargetFileOperator(task_id="export", target_path=f"{tmp_path}/a.md", **job)
    project = PhraseTmsCreateProjectFromTemplateOperator(task_id="project", template="t", batch_id="b")
    for task in (export, project):
        assert task.client
        phrase.forget()
        task.on_kill()
        assert phrase.sent() == []
