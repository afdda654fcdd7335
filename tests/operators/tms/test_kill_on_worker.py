"""An upload whose process Airflow tells to end: what it has created, and what it still sends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from phrase_fixtures import UPLOAD
from task_runs import context

from phrase_provider.exceptions import PhraseKilledError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator

SET = {"method": "POST", "path": "/setStatus$"}
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
