from __future__ import annotations

import re

import pytest
from task_runs import MODES, run

from phrase_provider.exceptions import PhraseInputError, PhraseJobStatusError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor
from phrase_provider.services.tms.job_list import JobList

in_each_mode = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def jobs(phrase):
    return phrase.jobs("de", "pt_br")


def wait(mode, project_uid, job_uids=None, **arguments):
    given = {"project_uid": project_uid, "job_uids": job_uids, "poke_interval": 0.05, **arguments}
    return run(PhraseTmsJobStatusSensor, mode, **given)


@in_each_mode
def test_status_may_be_written_in_lower_case(phrase, jobs, after_request, mode):
    after_request("/jobs", phrase.simulator.job, jobs[1][0], "complete")
    assert wait(mode, jobs[0], jobs[1][0], status="completed")["status"] == "COMPLETED"


def test_delivered_meets_completed(phrase, jobs):
    phrase.simulator.job(jobs[1][0], "complete")
    phrase.client.jobs.set_status(jobs[0], jobs[1][1], _status("DELIVERED"))
    assert wait("poke", *jobs)["counts"] == {"COMPLETED": 1, "DELIVERED": 1}


def _status(word):
    from phrase_provider.api.tms.job_status import JobStatus

    return JobStatus(word)


@in_each_mode
def test_jobs_may_be_given_as_the_path_of_a_list(phrase, jobs, after_request, tmp_path, mode):
    project_uid, (first, second) = jobs
    location = f"{tmp_path}/jobs.jsonl"
    JobList(location).write(
        [{"project_uid": project_uid, "job_uid": first}, {"project_uid": "another", "job_uid": "x"}]
    )
    imported = run(PhraseTmsJobsImportedSensor, mode, project_uid=project_uid, job_uids=location)
    assert imported == {"project_uid": project_uid, "job_uids": [first]}
    after_request("/jobs", phrase.simulator.job, first, "complete")
    assert wait(mode, project_uid, location)["counts"] == {"COMPLETED": 1}
    assert phrase.status(project_uid, second) == "NEW"


def test_a_deferred_wait_refuses_more_jobs_than_a_trigger_takes(phrase, jobs, tmp_path):
    location = f"{tmp_path}/jobs.jsonl"
    uid = jobs[1][0]
    JobList(location).write({"project_uid": jobs[0], "job_uid": f"{uid}{n or ''}"} for n in range(1001))
    sensor = PhraseTmsJobStatusSensor(task_id="task", project_uid=jobs[0], job_uids=location)
    with pytest.raises(PhraseInputError, match=r"1,000 job uids at most, not 1,001.*TranslateOperator"):
        sensor.trigger(phrase_conn_id="phrase_default")


@in_each_mode
@pytest.mark.parametrize("sent_back", ["reject", "decline"])
def test_rework_is_waited_for_with_a_warning(phrase, jobs, after_request, mode, sent_back, capsys):
    phrase.simulator.job(jobs[1][0], "complete")
    phrase.simulator.job(jobs[1][1], sent_back)
    after_request(f"/jobs/{jobs[1][1]}$", phrase.simulator.job, jobs[1][1], "complete")
    assert wait(mode, *jobs)["counts"] == {"COMPLETED": 2}
    warned = [line for line in capsys.readouterr().out.splitlines() if "[warning" in line]
    word = {"reject": "rejected", "decline": "declined"}[sent_back]
    named = rf"Open: a\.md \(pt_br\), step 1 Translation, {word}.*, job {jobs[1][1]}\."
    assert any(re.search(named, line) for line in warned)


@in_each_mode
def test_rework_fails_on_request_once_the_others_have_arrived(phrase, jobs, after_request, mode):
    phrase.simulator.job(jobs[1][0], "reject")
    after_request("/jobs", phrase.simulator.job, jobs[1][1], "complete")
    with pytest.raises(PhraseJobStatusError, match=f"1 of 2 .*: {jobs[1][0]} is REJECTED.*Reopen"):
        wait(mode, *jobs, fail_on_rework=True)
    assert phrase.status(jobs[0], jobs[1][1]) == "COMPLETED"


@in_each_mode
def test_cancelled_job_fails_only_after_the_others(phrase, jobs, after_request, mode):
    phrase.simulator.job(jobs[1][0], "cancel")
    after_request("/jobs", phrase.simulator.job, jobs[1][1], "complete")
    with pytest.raises(PhraseJobStatusError, match=f"cannot reach COMPLETED: {jobs[1][0]} is CANCELLED"):
        wait(mode, *jobs)
    assert phrase.status(jobs[0], jobs[1][1]) == "COMPLETED"


@in_each_mode
def test_all_jobs_of_a_project(phrase, jobs, after_request, mode):
    project_uid, uids = jobs
    late = phrase.upload(project_uid, "late.md")
    for uid in uids:
        phrase.simulator.job(uid, "complete")
    after_request("/jobs", phrase.simulator.job, late[0], "complete")
    assert wait(mode, project_uid)["counts"] == {"COMPLETED": 3}


@in_each_mode
@pytest.mark.parametrize("named", [False, True])
def test_cancelled_jobs_are_left_out_on_request(phrase, jobs, after_request, mode, named):
    project_uid, uids = jobs
    phrase.simulator.job(uids[0], "cancel")
    after_request("/jobs", phrase.simulator.job, uids[1], "complete")
    result = wait(mode, project_uid, uids if named else None, ignore_cancelled=True)
    assert result["counts"] == {"CANCELLED": 1, "COMPLETED": 1}


@in_each_mode
def test_project_of_which_every_job_is_cancelled_fails_all_the_same(phrase, jobs, mode):
    for uid in jobs[1]:
        phrase.simulator.job(uid, "cancel")
    with pytest.raises(PhraseJobStatusError, match="2 of 2 job parts cannot reach COMPLETED"):
        wait(mode, jobs[0], ignore_cancelled=True)


def test_all_jobs_means_those_of_the_highest_level(phrase):
    project_uid = phrase.project("de", steps=2)
    phrase.upload(project_uid)
    (highest,) = phrase.client.jobs.list_highest(project_uid)
    phrase.simulator.job(highest["uid"], "complete")
    assert wait("poke", project_uid)["counts"] == {"COMPLETED": 1}


@in_each_mode
def test_project_without_jobs_is_not_done(phrase, after_request, mode):
    project_uid = phrase.project("de")

    def work():
        (uid,) = phrase.upload(project_uid)
        phrase.simulator.job(uid, "complete")

    after_request("/jobs", work)
    assert wait(mode, project_uid)["counts"] == {"COMPLETED": 1}


@in_each_mode
@pytest.mark.parametrize("job_parts", [False, True])
def test_all_parts_of_a_split_job(phrase, jobs, after_request, mode, job_parts):
    phrase.simulator.settings(job_parts=job_parts)
    project_uid, (uid, _) = jobs
    phrase.simulator.job(uid, "split")
    phrase.simulator.job(uid, "complete")
    german = [part["uid"] for part in phrase.client.jobs.list(project_uid) if part["targetLang"] == "de"]
    (other,) = set(german) - {uid}
    after_request("/jobs", phrase.simulator.job, other, "complete")
    assert wait(mode, project_uid, uid)["counts"] == {"COMPLETED": 2}


@pytest.mark.parametrize("job_parts", [False, True])
def test_parts_of_other_levels_do_not_count(phrase, job_parts):
    phrase.simulator.settings(job_parts=job_parts)
    project_uid = phrase.project("de", steps=2)
    phrase.upload(project_uid)
    (highest,) = phrase.client.jobs.list_highest(project_uid)
    phrase.simulator.job(highest["uid"], "split")
    parts = [part["uid"] for part in phrase.client.jobs.list_highest(project_uid)]
    for uid in parts:
        phrase.simulator.job(uid, "complete")
    assert wait("poke", project_uid, parts[0])["counts"] == {"COMPLETED": 2}


def test_many_jobs_are_read_from_the_list(phrase):
    project_uid, uids = phrase.jobs("de", "pt_br", "fr", "es", "it")
    for uid in uids:
        phrase.simulator.job(uid, "complete")
    phrase.forget()
    assert wait("poke", project_uid, uids)["counts"] == {"COMPLETED": 5}
    assert len(phrase.sent("GET", "/jobs")) == 1
