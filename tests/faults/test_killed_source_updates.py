"""Updates of sources are killed at each of their requests; nothing is sent twice or stays reopened."""

from __future__ import annotations

import hashlib
import multiprocessing
import signal
import time

import pytest
from source_update_runs import NEW, NEWEST, OLD, PATCH, SEND, File
from task_process import TaskRun

from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator

_fork = multiprocessing.get_context("fork")

#: What an update of one file with a job in a final status sends, in this order.
REQUESTS = [
    "GET /api2/v1/projects/{p}",
    "GET /api2/v2/projects/{p}/jobs",
    "GET /api2/v2/projects/{p}/jobs",
    "PATCH /api2/v3/jobs",
    "PATCH /api2/v3/jobs",
    "POST /api2/v1/projects/{p}/jobs/segmentsCount",
    "POST /api2/v1/projects/{p}/jobs/search",
    "GET /api2/v1/async/status",
    "POST /api2/v1/projects/{p}/jobs/source",
    "GET /api2/v1/async/{a}",
    "POST /api2/v1/projects/{p}/jobs/segmentsCount",
    "POST /api2/v1/projects/{p}/jobs/search",
]


@pytest.fixture
def file(phrase, connect, tmp_path):
    """A file of which one language is done in both steps, and the other in none."""
    # What is pending is looked for as long as a request may last.
    connect(timeout=2)
    file = File(phrase, tmp_path)
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    phrase.client.projects.get(file.project_uid)
    phrase.forget()
    file.change()
    return file


def update_alone(phrase, file):
    # Not over the connections of the process that it was forked from.
    vars(phrase).pop("client")
    file.update()


def kill(phrase, file, number, kind):
    """Update the file in a process of its own that is killed at one of its requests."""
    before = len(phrase.simulator.requests())
    phrase.simulator.fault(path="/api2/", after=number, times=None, **{kind: True})
    process = _fork.Process(target=update_alone, args=(phrase, file))
    process.start()
    give_up = time.monotonic() + 60
    while len(phrase.simulator.requests()) <= before + number:
        assert time.monotonic() < give_up, "the update did not get there"
        time.sleep(0.01)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    phrase.simulator.clear_faults()


def test_an_update_sends_what_this_test_kills(phrase, file):
    file.update()
    names = {file.project_uid: "{p}", **dict.fromkeys(file.parts.values(), "{j}")}
    told = []
    for sent in phrase.sent(path="/api2/"):
        path = [names.get(part, part) for part in sent["path"].removeprefix("/web").split("/")]
        told.append(f"{sent['method']} {'/'.join('{a}' if part.isdecimal() else part for part in path)}")
    assert told == REQUESTS


@pytest.mark.parametrize("kind", ["hang", "hang_after"])
@pytest.mark.parametrize("number", range(len(REQUESTS)))
def test_killed_update_is_finished_by_the_next_run(phrase, file, number, kind):
    kill(phrase, file, number, kind)
    results = file.update()
    assert {lang: result["outcome"] for lang, result in results.items()} == {"de": "updated", "fr": "updated"}
    assert file.content("de") == file.content("fr") == NEW
    assert file.statuses()["de", 1] == "ACCEPTED"
    assert file.statuses()["de", 2] == "NEW"
    reached = [sent for sent in phrase.sent(**SEND) if not (sent["fault"] and kind == "hang")]
    assert len(reached) == 1
    assert {result["added_words"] for result in results.values()} == {4}


@pytest.mark.parametrize("number", range(3, 9))
def test_killed_update_that_is_not_wanted_any_more_is_put_back(phrase, file, number):
    kill(phrase, file, number, "hang")
    file.change(OLD)
    file.updates().put_back_abandoned(going_on=())
    assert file.statuses()["de", 1] == file.statuses()["de", 2] == "COMPLETED"
    assert file.noted() == []


@pytest.mark.parametrize("kind", ["hang", "hang_after"])
@pytest.mark.parametrize("number", range(3, len(REQUESTS)))
def test_file_that_changes_again_after_a_kill_ends_in_the_last_content(phrase, file, number, kind):
    kill(phrase, file, number, kind)
    file.change(NEWEST)
    results = file.update()
    assert {result["outcome"] for result in results.values()} == {"updated"}
    assert {result["sha256"] for result in results.values()} == {hashlib.sha256(NEWEST).hexdigest()}
    assert file.content("de") == file.content("fr") == NEWEST


@pytest.mark.parametrize("number", range(3, 9))
def test_refusal_after_a_kill_puts_back_what_was_before_it(phrase, file, number):
    kill(phrase, file, number, "hang")
    phrase.simulator.fault(**SEND, status=400, body={"errorCode": "InvalidArguments"})
    assert {result["outcome"] for result in file.update().values()} == {"failed"}
    assert file.statuses()["de", 1] == file.statuses()["de", 2] == "COMPLETED"


@pytest.mark.parametrize("kind", ["hang", "hang_after"])
@pytest.mark.parametrize("request_", [SEND, PATCH, {"method": "GET", "path": "/async/[0-9]+$"}])
def test_killed_upload_task_goes_on_with_the_update(phrase, file, tmp_path, request_, kind):
    run = TaskRun(
        tmp_path / "state",
        lambda: PhraseTmsCreateJobsOperator(
            task_id="task", project_uid=file.project_uid, source=str(file.path), on_change="update"
        ),
    )
    phrase.simulator.fault(**request_, **{kind: True})
    run.kill_when(lambda: phrase.sent(**request_))
    phrase.simulator.clear_faults()
    rows = run.run()
    assert {row["job_uid"] for row in rows} == {file.parts["de", 2], file.parts["fr", 2]}
    assert file.content("de") == file.content("fr") == NEW
    assert (file.statuses()["de", 1], file.statuses()["de", 2]) == ("ACCEPTED", "NEW")
    reached = [sent for sent in phrase.sent(**SEND) if not (sent["fault"] and kind == "hang")]
    assert len(reached) == 1
