from __future__ import annotations

import json
from datetime import datetime

import pytest
from ledger_thing import Store
from source_update_runs import File
from task_runs import context

from phrase_provider.exceptions import (
    PhraseInputError,
    PhraseJobNotReadyError,
    PhraseJobStatusError,
    PhraseOutcomeUnknownError,
)
from phrase_provider.operators.tms.jobs import PhraseTmsSetJobStatusOperator
from phrase_provider.services.tms.job_list import JobList

SET = {"method": "POST", "path": "/setStatus$"}


@pytest.fixture
def jobs(phrase):
    project_uid, uids = phrase.jobs("de", "pt_br")
    for uid in uids:
        phrase.simulator.job(uid, "complete")
    phrase.forget()
    return project_uid, uids


def deliver(project_uid, job_uids, told=None, **arguments):
    task = PhraseTmsSetJobStatusOperator(
        task_id="task", project_uid=project_uid, job_uids=job_uids, **arguments
    )
    return task.execute(told or context())


def test_jobs_may_be_given_as_the_path_of_a_list(phrase, jobs, tmp_path):
    project_uid, uids = jobs
    location = f"{tmp_path}/jobs.jsonl"
    JobList(location).write({"project_uid": project_uid, "job_uid": uid} for uid in uids)
    result = deliver(project_uid, location)
    assert [phrase.status(project_uid, uid) for uid in uids] == ["DELIVERED"] * 2
    # The uids may be thousands, and the result is an XCom.
    assert result["job_uids"] == [location]


def bodies(phrase):
    return [json.loads(request["body"]) for request in phrase.sent(**SET)]


def test_job_is_delivered_without_mail(phrase, jobs):
    project_uid, (uid, _) = jobs
    result = deliver(project_uid, uid)
    assert phrase.status(project_uid, uid) == "DELIVERED"
    assert bodies(phrase) == [
        {"requestedStatus": "DELIVERED", "notifyOwner": False, "propagateStatus": False}
    ]
    assert datetime.fromisoformat(result.pop("at")).tzinfo
    assert result == {"project_uid": project_uid, "job_uids": [uid], "status": "DELIVERED"}


def test_mails_and_other_steps_on_request(phrase, jobs):
    deliver(jobs[0], jobs[1][0], notify_owner=True, propagate_status=True)
    assert bodies(phrase) == [{"requestedStatus": "DELIVERED", "notifyOwner": True, "propagateStatus": True}]


def test_several_jobs(phrase, jobs):
    deliver(*jobs, status="accepted")
    assert [phrase.status(jobs[0], uid) for uid in jobs[1]] == ["ACCEPTED", "ACCEPTED"]


def test_job_that_is_there_is_left_alone(phrase, jobs):
    deliver(jobs[0], jobs[1][0])
    phrase.forget()
    assert deliver(*jobs)["job_uids"] == jobs[1]
    (request,) = phrase.sent(**SET)
    assert jobs[1][1] in request["path"]


def test_all_parts_of_a_split_job(phrase, jobs):
    project_uid, (uid, _) = jobs
    phrase.simulator.job(uid, "split")
    deliver(project_uid, uid)
    split = [part for part in phrase.client.jobs.list(project_uid) if part["targetLang"] == "de"]
    assert [part["status"] for part in split] == ["DELIVERED", "DELIVERED"]
    assert len(phrase.sent(**SET)) == 2


def test_lost_answer_after_the_effect_is_looked_up(phrase, jobs):
    phrase.simulator.fault(**SET, reset_after=True)
    deliver(jobs[0], jobs[1][0])
    assert len(phrase.sent(**SET)) == 1
    assert phrase.status(jobs[0], jobs[1][0]) == "DELIVERED"


def test_lost_request_is_not_sent_again_before_a_retry(phrase, jobs):
    phrase.simulator.fault(**SET, reset_before=True)
    with pytest.raises(PhraseOutcomeUnknownError):
        deliver(jobs[0], jobs[1][0])
    assert len(phrase.sent(**SET)) == 1
    deliver(jobs[0], jobs[1][0])
    assert len(phrase.sent(**SET)) == 2


@pytest.mark.parametrize("status", ["DONE", "", "COMPLETED_BY_LINGUIST"])
def test_wrong_word_is_refused_before_anything_is_sent(phrase, jobs, status):
    with pytest.raises(PhraseInputError, match=r"no job status.*Use one of NEW, .*DELIVERED"):
        deliver(*jobs, status=status)
    assert phrase.sent() == []


def test_job_that_is_not_imported_is_told(phrase):
    project_uid = phrase.project("de")
    (uid,) = phrase.upload(project_uid)
    with pytest.raises(PhraseJobNotReadyError, match="still being imported"):
        deliver(project_uid, uid, status="ACCEPTED")


not_completed = pytest.mark.parametrize(
    ("command", "status"),
    [("accept", "ACCEPTED"), ("reject", "REJECTED"), ("decline", "DECLINED"), ("cancel", "CANCELLED")],
)


@not_completed
def test_no_job_is_delivered_while_one_of_them_is_not_completed(phrase, jobs, command, status):
    phrase.simulator.job(jobs[1][1], command)
    with pytest.raises(PhraseJobStatusError, match=f"completed: {jobs[1][1]} is {status}.*sent back"):
        deliver(*jobs)
    assert phrase.sent(**SET) == []


@not_completed
def test_job_that_is_not_completed_is_delivered_by_force(phrase, jobs, command, status):
    phrase.simulator.job(jobs[1][1], command)
    deliver(*jobs, force=True)
    assert [phrase.status(jobs[0], uid) for uid in jobs[1]] == ["DELIVERED", "DELIVERED"]


def test_split_job_with_an_open_part_is_not_delivered(phrase, jobs):
    phrase.simulator.job(jobs[1][0], "split")
    parts = [part["uid"] for part in phrase.client.jobs.list(jobs[0]) if part["targetLang"] == "de"]
    (other,) = set(parts) - {jobs[1][0]}
    phrase.simulator.job(other, "accept")
    with pytest.raises(PhraseJobStatusError, match=f"completed: {other} is ACCEPTED"):
        deliver(jobs[0], jobs[1][0])
    assert phrase.sent(**SET) == []


@pytest.mark.parametrize("none", [[], "", " ", [[]]])
def test_a_job_is_required(phrase, none):
    with pytest.raises(PhraseInputError, match="No job is given"):
        deliver("p", none)
    assert phrase.sent() == []


def test_rows_of_mapped_tasks_name_the_jobs(phrase, jobs):
    rows = [[{"job_uid": uid, "target_lang": "de"}] for uid in jobs[1]]
    assert deliver(jobs[0], [*rows, jobs[1][0]])["job_uids"] == jobs[1]
    assert [phrase.status(jobs[0], uid) for uid in jobs[1]] == ["DELIVERED", "DELIVERED"]


def test_links(phrase, jobs):
    one, several = context(), context()
    deliver(jobs[0], jobs[1][:1], one)
    deliver(*jobs, several)
    assert one["ti"].xcoms["phrase_job_url"].endswith(f"/job/{jobs[1][0]}/translate")
    assert set(several["ti"].xcoms) == {"phrase_project_url"}


@pytest.mark.parametrize(("given", "sent"), [("True", True), ("False", False), ("", False), (True, True)])
def test_propagation_may_come_from_a_template(phrase, given, sent):
    project_uid, (job_uid,) = phrase.jobs()
    phrase.simulator.job(job_uid, "complete")
    task = PhraseTmsSetJobStatusOperator(
        task_id="task", project_uid=project_uid, job_uids=job_uid, propagate_status=given
    )
    task.execute(context())
    (request,) = phrase.sent("POST", "/setStatus$")
    assert json.loads(request["body"])["propagateStatus"] is sent


def test_propagation_that_is_neither_is_refused_before_anything_is_sent(phrase):
    task = PhraseTmsSetJobStatusOperator(
        task_id="task", project_uid="p", job_uids="j", propagate_status="perhaps"
    )
    with pytest.raises(PhraseInputError, match="propagate_status is 'perhaps'"):
        task.execute(context())
    assert phrase.sent() == []


def test_job_with_a_new_source_is_another_delivery(phrase, tmp_path):
    file = File(phrase, tmp_path, "de", steps=1)
    uid = file.parts["de", 1]
    file.set_status("COMPLETED", ("de", 1))
    told = {**context(), "task_state_store": Store()}
    deliver(file.project_uid, uid, told, notify_owner=True)
    deliver(file.project_uid, uid, told, notify_owner=True)
    assert [body["notifyOwner"] for body in bodies(phrase)] == [True]
    file.change()
    file.update()
    file.set_status("COMPLETED", ("de", 1))
    deliver(file.project_uid, uid, told, notify_owner=True)
    assert [body["notifyOwner"] for body in bodies(phrase)] == [True, True]
