"""How far jobs are, and what an update of their source leaves confirmed."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

OLD = b"Good morning\nGood night\n"
NEW = b"Good morning\nA new line here\nGood night\n"


@pytest.fixture
def project(phrase):
    phrase.simulator.settings(work_moves=False)
    return phrase.project(steps=2, targetLangs=["de", "fr"])["uid"]


@pytest.fixture
def jobs(phrase, project):
    """Give the uids of imported jobs by language and level."""
    created = phrase.upload(project, "docs.txt", OLD, targetLangs=["de", "fr"]).json()["jobs"]
    phrase.simulator.advance(20)
    return {(job["targetLang"], job["workflowLevel"]): job["uid"] for job in created}


def count(phrase, project, *uids):
    return phrase.call(
        "POST", f"v1/projects/{project}/jobs/segmentsCount", json={"jobs": [{"uid": uid} for uid in uids]}
    )


def counts(phrase, project, uid):
    [result] = count(phrase, project, uid).json()["segmentsCountsResults"]
    assert result["jobPartUid"] == uid
    return result["counts"]


def update(phrase, project, uid, content=NEW, name="docs.txt"):
    headers = {
        "Memsource": json.dumps({"jobs": [{"uid": uid}]}),
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"filename*=UTF-8''{quote(name)}",
    }
    answer = phrase.call("POST", f"v1/projects/{project}/jobs/source", data=content, headers=headers)
    assert answer.status_code == 200
    phrase.simulator.advance(20)


def target(phrase, project, job):
    export = phrase.export(project, job).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    return phrase.download(project, job, export).content.decode()


def test_counts_tell_how_far_a_job_is(phrase, project, jobs):
    before = counts(phrase, project, jobs["de", 1])
    assert (before["wordsCount"], before["confirmedWordsCount"], before["allConfirmed"]) == (4, 0, False)
    phrase.set_status(project, jobs["de", 1], "COMPLETED")
    after = counts(phrase, project, jobs["de", 1])
    assert (after["confirmedWordsCount"], after["allConfirmed"]) == (4, True)


def test_counts_of_a_later_step_tell_of_the_one_before(phrase, project, jobs):
    phrase.set_status(project, jobs["de", 1], "COMPLETED")
    [first, second] = count(phrase, project, jobs["de", 1], jobs["de", 2]).json()["segmentsCountsResults"]
    assert first["previousWorkflow"] is None
    assert second["counts"]["confirmedWordsCount"] == 0
    assert second["previousWorkflow"]["completed"] is True
    assert second["previousWorkflow"]["counts"]["confirmedWordsCount"] == 4


@pytest.mark.parametrize(("counts_original", "at_first"), [(False, 0), (True, 4)])
def test_added_words_are_the_original_ones_and_those_of_all_updates(
    phrase, project, jobs, counts_original, at_first
):
    phrase.simulator.settings(added_words_before_update=counts_original)
    uid = jobs["de", 1]
    assert counts(phrase, project, uid)["addedWords"] == at_first
    update(phrase, project, uid)
    assert counts(phrase, project, uid)["addedWords"] == 4 + 4
    update(phrase, project, uid, NEW + b"More\n")
    assert counts(phrase, project, uid)["addedWords"] == 4 + 4 + 1
    assert counts(phrase, project, jobs["fr", 1])["addedWords"] == at_first


def test_segments_that_did_not_change_stay_confirmed(phrase, project, jobs):
    phrase.set_status(project, jobs["de", 1], "COMPLETED")
    phrase.set_status(project, jobs["de", 1], "ACCEPTED")
    update(phrase, project, jobs["de", 1])
    after = counts(phrase, project, jobs["de", 1])
    assert (after["wordsCount"], after["confirmedWordsCount"], after["allConfirmed"]) == (8, 4, False)
    written = target(phrase, project, jobs["de", 2]).splitlines()
    assert written[1] == "A new line here"
    assert all(line.startswith("⟦de⟧") for line in (written[0], written[2]))


def test_segments_stay_confirmed_over_several_updates(phrase, project, jobs):
    phrase.set_status(project, jobs["de", 1], "COMPLETED")
    phrase.set_status(project, jobs["de", 1], "ACCEPTED")
    update(phrase, project, jobs["de", 1])
    update(phrase, project, jobs["de", 1], b"Good night\nA new line here\n")
    assert counts(phrase, project, jobs["de", 1])["confirmedWordsCount"] == 2


def test_nothing_is_confirmed_that_was_not_before(phrase, project, jobs):
    update(phrase, project, jobs["de", 1])
    assert counts(phrase, project, jobs["de", 1])["confirmedWordsCount"] == 0


def test_strings_of_a_structured_file_are_its_segments(phrase, project):
    job = phrase.upload(project, "a.json", b'{"one": "First text", "two": "Second"}').json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    phrase.set_status(project, job, "COMPLETED")
    phrase.set_status(project, job, "ACCEPTED")
    update(phrase, project, job, b'{"three": "Third", "one": "First text"}', "a.json")
    assert counts(phrase, project, job)["confirmedWordsCount"] == 2
    written = json.loads(target(phrase, project, job))
    assert written["three"] == "Third"
    assert written["one"].startswith("⟦de⟧")


@pytest.mark.parametrize("number", [0, 101])
def test_counts_of_another_number_of_jobs_are_refused(phrase, project, jobs, number):
    assert count(phrase, project, *[jobs["de", 1]] * number).status_code == 400


def test_counts_of_jobs_that_are_not_ready_are_refused(phrase, project):
    job = phrase.upload(project).json()["jobs"][0]["uid"]
    answer = count(phrase, project, job)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "JOB_NOT_READY")


def test_counts_of_a_job_of_another_project_are_refused(phrase, project, jobs):
    assert count(phrase, phrase.project()["uid"], jobs["de", 1]).status_code == 404
