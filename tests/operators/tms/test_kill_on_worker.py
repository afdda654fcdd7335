"""What a task does in Phrase when Airflow tells its process to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from task_runs import context

from phrase_provider.exceptions import PhraseKilledError
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

SET = {"method": "POST", "path": "/setStatus$"}
UPLOAD = {"method": "POST", "path": "/jobs$"}
#: A process of a task that is told to end as Airflow's task runner is: it calls `on_kill` and goes on.
PROCESS = """
import signal, sys
from task_runs import context
from phrase_provider.exceptions import PhraseKilledError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator

project_uid, folder, cancel = sys.argv[1:]
task = PhraseTmsCreateJobsOperator(
    task_id="task",
    project_uid=project_uid,
    source=f"{folder}/*.md",
    target_langs="de",
    cancel_on_kill=cancel == "True",
)
signal.signal(signal.SIGTERM, lambda *_: task.on_kill())
try:
    task.execute(context())
except PhraseKilledError:
    sys.exit(7)
"""


@pytest.fixture
def kill_in_second_upload(phrase, tmp_path):
    """Uploads three files in a process that is told to end while the second one is under way."""

    def kill(project_uid, cancel):
        for name in "abc":
            (tmp_path / f"{name}.md").write_text(f"File {name}")
        phrase.simulator.fault(**UPLOAD, after=1, delay=0.7)
        phrase.forget()
        command = [sys.executable, "-c", PROCESS, project_uid, str(tmp_path), str(cancel)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(command, env=environment) as process:
            until = time.monotonic() + 30
            while not phrase.sent(**UPLOAD) and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            return process.wait(30)

    return kill


def test_killed_upload_cancels_what_it_has_created_and_creates_no_more(phrase, kill_in_second_upload):
    project_uid = phrase.project("de", steps=2)
    assert kill_in_second_upload(project_uid, cancel=True) == 7
    assert len(phrase.sent(**UPLOAD)) == 2
    phrase.import_files()
    jobs = {(part["filename"], part["status"]) for part in phrase.client.jobs.list(project_uid)}
    assert {name for name, _ in jobs} == {"a.md", "b.md"}
    assert len(phrase.sent(**SET)) >= 2


def test_killed_upload_leaves_phrase_alone_by_default(phrase, kill_in_second_upload):
    project_uid = phrase.project("de")
    assert kill_in_second_upload(project_uid, cancel=False) == 7
    assert (len(phrase.sent(**UPLOAD)), phrase.sent(**SET)) == (2, [])


def test_kill_before_the_first_upload_sends_none(phrase, tmp_path):
    (tmp_path / "a.md").write_text("Hello")
    task = PhraseTmsCreateJobsOperator(
        task_id="task", project_uid=phrase.project("de"), source=str(tmp_path / "a.md")
    )
    task.on_kill()
    with pytest.raises(PhraseKilledError):
        task.execute(context())
    assert phrase.sent(**UPLOAD) == []


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
    assert time.monotonic() - began < 1


def test_other_operators_do_nothing(phrase, jobs, tmp_path):
    job = {"project_uid": jobs["project_uid"], "job_uid": jobs["job_uids"][0]}
    export = PhraseTmsExportTargetFileOperator(task_id="export", target_path=f"{tmp_path}/a.md", **job)
    project = PhraseTmsCreateProjectFromTemplateOperator(task_id="project", template="t", batch_id="b")
    for task in (export, project):
        assert task.client
        phrase.forget()
        task.on_kill()
        assert phrase.sent() == []
