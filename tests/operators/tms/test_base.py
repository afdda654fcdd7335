"""What a person gets who clears a task: creates replay or are made anew, mails are not repeated."""

from __future__ import annotations

import json

import pytest
from phrase_fixtures import UPLOAD
from task_process import TaskRun

from phrase_provider.exceptions import PhraseInputError, PhraseJobStatusError, PhraseLedgerError
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CREATE = {"method": "POST", "path": "applyTemplate"}
SET = {"method": "POST", "path": "/setStatus$"}


def project_task(on_clear="new"):
    return PhraseTmsCreateProjectFromTemplateOperator(
        task_id="task", template="Translation", batch_id="web-42", on_clear=on_clear
    )


@pytest.fixture
def start(tmp_path):
    """Starts a run of a task, with or without a state store."""

    def begin(task, name="run-1", **more):
        return TaskRun(tmp_path / name, task, **more)

    return begin


@pytest.fixture
def job_task(phrase, tmp_path):
    project_uid, source = phrase.project("de", "pt_br"), tmp_path / "guide.md"
    source.write_text("Hello")

    def make(on_clear="new", target_langs=("de",)):
        return PhraseTmsCreateJobsOperator(
            task_id="task",
            project_uid=project_uid,
            source=str(source),
            target_langs=list(target_langs),
            on_clear=on_clear,
        )

    make.source, make.project_uid = source, project_uid
    return make


@pytest.fixture
def delivery(phrase):
    project_uid, (job_uid,) = phrase.jobs()
    phrase.simulator.job(job_uid, "complete")

    def make(**arguments):
        return PhraseTmsSetJobStatusOperator(
            task_id="task",
            project_uid=project_uid,
            job_uids=job_uid,
            notify_owner=True,
            propagate_status=True,
            **arguments,
        )

    make.project_uid, make.job_uid = project_uid, job_uid
    return make


@pytest.mark.parametrize("word", ["again", "", None, "New"])
def test_on_clear_is_checked_when_the_dag_is_parsed(word):
    with pytest.raises(PhraseInputError, match="Use 'replay' or 'new'"):
        project_task(on_clear=word)


@pytest.mark.parametrize("stored", [True, False], ids=["store", "no-store"])
def test_project_replays_by_default(phrase, start, stored):
    run = start(lambda: project_task("replay"), stored=stored)
    first = run.run()
    run.clear()
    assert run.run() == first
    assert len(phrase.sent(**CREATE)) == 1


@pytest.mark.parametrize("stored", [True, False], ids=["store", "no-store"])
def test_project_is_made_anew_once_for_each_clearing(phrase, start, stored):
    run = start(project_task, stored=stored)
    results = []
    for _ in range(3):
        results.append(run.run())
        assert run.run() == results[-1]
        run.clear()
    assert len({result["project_uid"] for result in results}) == 3
    assert len(phrase.sent(**CREATE)) == 3


def test_project_made_anew_is_that_of_the_batch_from_then_on(phrase, start):
    run = start(project_task)
    run.run()
    run.clear()
    anew = run.run()
    assert start(project_task, "run-2").run() == anew
    assert len(phrase.sent(**CREATE)) == 2


def test_first_project_stays_that_of_a_run_that_has_it(phrase, start):
    earlier, later = start(lambda: project_task("replay"), "run-0"), start(project_task)
    first = earlier.run()
    assert later.run() == first
    later.clear()
    assert later.run() != first
    assert earlier.run() == first


def test_project_made_anew_stays_that_of_a_run_that_has_it(phrase, start):
    earlier, later = start(project_task), start(project_task, "run-2")
    earlier.run()
    earlier.clear()
    anew = earlier.run()
    assert later.run() == later.run() == anew
    assert len(phrase.sent(**CREATE)) == 2


@pytest.mark.parametrize("deleted", [False, True])
def test_project_is_made_anew_though_its_dag_replayed_before(phrase, start, deleted):
    on_clear = ["replay"]
    run = start(lambda: project_task(on_clear[0]))
    first = run.run()
    if deleted:
        phrase.client.projects.delete(first["project_uid"])
        with pytest.raises(PhraseLedgerError, match=r"on_clear='new'"):
            run.run()
    on_clear[0] = "new"
    run.clear()
    assert run.run() == run.run() != first
    assert len(phrase.sent(**CREATE)) == 2


def test_lost_answer_of_a_new_project_is_looked_up(phrase, start):
    run = start(project_task)
    first = run.run()
    run.clear()
    phrase.simulator.fault(**CREATE, reset_after=True)
    assert run.run() == run.run() != first
    assert len(phrase.sent(**CREATE)) == 2


def test_jobs_replay_by_default(phrase, start, job_task):
    run = start(lambda: job_task("replay"))
    first = run.run()
    run.clear()
    assert run.run() == first
    assert len(phrase.sent(**UPLOAD)) == 1


def test_language_that_was_added_meanwhile_is_uploaded_alone(phrase, start, job_task):
    langs = ["de"]
    run = start(lambda: job_task("replay", target_langs=langs))
    (german,) = run.run()
    langs.append("pt_br")
    run.clear()
    rows = run.run()
    assert rows[0] == german
    assert [row["target_lang"] for row in rows] == langs
    assert [part["targetLang"] for part in phrase.client.jobs.list(german["project_uid"])] == langs


def test_jobs_are_made_anew_once_for_each_clearing(phrase, start, job_task):
    run = start(job_task)
    (first,) = run.run()
    run.clear()
    phrase.simulator.fault(**UPLOAD, reset_after=True)
    (anew,) = run.run()
    assert run.run() == [anew]
    assert anew["job_uid"] != first["job_uid"]
    assert len(phrase.sent(**UPLOAD)) == 2


def test_changed_file_is_uploaded_when_a_person_asks_for_it(phrase, start, job_task):
    run = start(job_task)
    run.run()
    job_task.source.write_text("Changed")
    run.clear()
    (anew,) = run.run()
    assert [upload["body"] for upload in phrase.sent(**UPLOAD)] == ["Hello", "Changed"]
    assert run.run() == [anew]


def test_new_jobs_need_a_state_store(phrase, start, job_task):
    run = start(job_task, stored=False)
    run.run()
    run.clear()
    with pytest.raises(PhraseInputError, match=r"Airflow 3\.3 or newer"):
        run.run()
    assert len(phrase.sent(**UPLOAD)) == 1


def mails(phrase):
    bodies = [json.loads(request["body"]) for request in phrase.sent(**SET)]
    return [body["notifyOwner"] or body["propagateStatus"] for body in bodies]


def test_delivery_that_is_cleared_sends_nothing(phrase, start, delivery):
    run = start(delivery)
    first = run.run()
    run.clear()
    assert run.run() == first
    assert mails(phrase) == [True]


def test_reworked_job_is_delivered_again_without_a_second_mail(phrase, start, delivery):
    run = start(delivery)
    first = run.run()
    phrase.simulator.job(delivery.job_uid, "reject")
    run.clear()
    with pytest.raises(PhraseJobStatusError):
        run.run()
    phrase.simulator.job(delivery.job_uid, "complete")
    again = run.run()
    assert again["at"] > first["at"]
    assert phrase.status(delivery.project_uid, delivery.job_uid) == "DELIVERED"
    assert mails(phrase) == [True, False]


def test_lost_second_delivery_sends_no_mail_either(phrase, start, delivery, connect):
    connect(timeout=2)
    run = start(delivery)
    run.run()
    phrase.simulator.job(delivery.job_uid, "complete")
    phrase.simulator.fault(**SET, hang=True)
    run.kill_when(lambda: len(mails(phrase)) == 2)
    run.run()
    assert mails(phrase) == [True, False, False]


def test_job_that_moved_on_is_not_moved_back(phrase, start, delivery):
    run = start(lambda: delivery(status="ACCEPTED"))
    first = run.run()
    phrase.simulator.job(delivery.job_uid, "complete")
    run.clear()
    assert run.run() == first
    assert phrase.status(delivery.project_uid, delivery.job_uid) == "COMPLETED"
    assert mails(phrase) == [True]


def test_export_is_always_made_anew(phrase, start, delivery, tmp_path, after_request):
    def export():
        return PhraseTmsExportTargetFileOperator(
            task_id="task",
            project_uid=delivery.project_uid,
            job_uid=delivery.job_uid,
            target_path=str(tmp_path / "out/a.md"),
            poll_interval=0.1,
        )

    run = start(export)
    for _ in range(2):
        after_request(r"/async/\d+$", phrase.finish_exports)
        run.run()
        run.clear()
    assert len(phrase.sent("PUT", "/targetFile$")) == 2
