from __future__ import annotations

import time

import pytest

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess


@pytest.fixture
def two_steps(phrase):
    """A project and the jobs of its two steps, not yet imported."""
    uid = phrase.project(steps=2)["uid"]
    return uid, *(job["uid"] for job in phrase.upload(uid).json()["jobs"])


def test_import_ends_by_itself(phrase, two_steps):
    uid, first, _ = two_steps
    phrase.simulator.advance(4.9)
    assert phrase.job(uid, first)["importStatus"]["status"] == "RUNNING"
    phrase.simulator.advance(15.1)
    job = phrase.job(uid, first)
    assert (job["importStatus"]["status"], job["imported"], job["wordsCount"]) == ("OK", True, 1)
    assert job["status"] == "NEW"


def test_steps_follow_each_other(phrase, two_steps):
    uid, first, second = two_steps
    seen = []
    for _ in range(80):
        phrase.simulator.advance(5)
        now = (phrase.job(uid, first)["status"], phrase.job(uid, second)["status"])
        if not seen or seen[-1] != now:
            seen.append(now)
    assert seen == [
        ("NEW", "NEW"),
        ("ACCEPTED", "NEW"),
        ("COMPLETED", "NEW"),
        ("COMPLETED", "ACCEPTED"),
        ("COMPLETED", "COMPLETED"),
    ]


def test_one_long_step_forward_is_the_same_as_many_short_ones(phrase, two_steps):
    uid, _, second = two_steps
    phrase.simulator.advance(400)
    assert phrase.job(uid, second)["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("command", "status"),
    [("decline", "DECLINED"), ("reject", "REJECTED"), ("cancel", "CANCELLED"), ("accept", "ACCEPTED")],
)
def test_command_sets_the_status_at_once(phrase, two_steps, command, status):
    uid, first, _ = two_steps
    assert phrase.simulator.job(first, command)["status"] == status
    assert phrase.job(uid, first)["imported"] is True


@pytest.mark.parametrize("command", ["decline", "reject", "cancel"])
def test_work_stops_after_a_refusal(phrase, two_steps, command):
    uid, first, second = two_steps
    status = phrase.simulator.job(first, command)["status"]
    phrase.simulator.advance(10_000)
    assert phrase.job(uid, first)["status"] == status
    assert phrase.job(uid, second)["status"] == "NEW"


def test_rework_goes_on_after_it_is_accepted(phrase, two_steps):
    uid, first, second = two_steps
    phrase.simulator.job(first, "reject")
    phrase.simulator.job(first, "accept")
    phrase.simulator.advance(400)
    assert [phrase.job(uid, job)["status"] for job in (first, second)] == ["COMPLETED", "COMPLETED"]


def test_status_set_by_the_api_starts_the_next_step(phrase, two_steps):
    uid, first, second = two_steps
    phrase.simulator.advance(20)
    assert phrase.set_status(uid, first, "COMPLETED").status_code == 204
    phrase.simulator.advance(45)
    assert phrase.job(uid, second)["status"] == "ACCEPTED"


def test_durations_can_be_set(phrase):
    phrase.simulator.settings(import_seconds=[1, 1], accept_seconds=[2, 2], complete_seconds=[3, 3])
    uid = phrase.project()["uid"]
    job = phrase.upload(uid).json()["jobs"][0]["uid"]
    seen = []
    for seconds in (0.9, 0.2, 1.8, 0.2, 2.8, 0.2):
        phrase.simulator.advance(seconds)
        told = phrase.job(uid, job)
        seen.append((told["imported"], told["status"]))
    assert seen == [
        (False, "NEW"),
        *[(True, "NEW")] * 2,
        *[(True, "ACCEPTED")] * 2,
        (True, "COMPLETED"),
    ]


def test_failed_import(phrase, two_steps):
    uid, first, second = two_steps
    phrase.simulator.job(second, "fail-import")
    job = phrase.job(uid, first)
    assert job["importStatus"] == {"status": "ERROR", "errorMessage": "The file could not be imported."}
    assert job["imported"] is False
    phrase.simulator.advance(1000)
    assert phrase.job(uid, first)["status"] == "NEW"
    assert phrase.export(uid, first).json()["errorCode"] == "JOB_NOT_READY"
    assert [item["uid"] for item in phrase.jobs(uid, notReady="true")] == [first]


@pytest.mark.parametrize("command", ["complete", "split"])
def test_no_command_moves_a_job_whose_import_failed(phrase, two_steps, command):
    uid, first, _ = two_steps
    phrase.simulator.job(first, "fail-import")
    with pytest.raises(SimulatorError, match="JOB_NOT_READY"):
        phrase.simulator.job(first, command)
    assert phrase.job(uid, first)["status"] == "NEW"


def test_malformed_file_is_not_imported(phrase):
    uid = phrase.project()["uid"]
    created = phrase.upload(uid, "a.json", b'{"a": ').json()
    phrase.simulator.advance(20)
    assert phrase.job(uid, created["jobs"][0]["uid"])["importStatus"]["status"] == "ERROR"
    finished = phrase.get(f"v1/async/{created['asyncRequest']['id']}").json()["asyncResponse"]
    assert finished["errorCode"] == "JobImportFailed"
    assert "cannot be read" in finished["errorDesc"]


def test_split_shares_the_segments_in_every_step(phrase):
    uid = phrase.project(steps=2)["uid"]
    first, _ = (job["uid"] for job in phrase.upload(uid, content=b"one\ntwo\nthree\nfour").json()["jobs"])
    phrase.simulator.job(first, "split")
    for level in (1, 2):
        items = phrase.jobs(uid, workflowLevel=level)
        parts = [phrase.job(uid, item["uid"]) for item in items]
        assert [(part["beginIndex"], part["endIndex"]) for part in parts] == [(0, 1), (2, 3)]
        assert all(item["split"] for item in items)
        assert all(part["isParentJobSplit"] for part in parts)
    phrase.simulator.advance(400)
    assert {item["status"] for item in phrase.jobs(uid, workflowLevel=2)} == {"COMPLETED"}


def test_linguists_can_be_stopped(phrase, two_steps):
    uid, first, _ = two_steps
    phrase.simulator.settings(work_moves=False)
    phrase.simulator.advance(1000)
    assert (phrase.job(uid, first)["imported"], phrase.job(uid, first)["status"]) == (True, "NEW")


def test_same_seed_gives_the_same_ids_and_durations(phrase):
    def course():
        phrase.simulator.reset()
        uid = phrase.project()["uid"]
        job = phrase.upload(uid).json()["jobs"][0]["uid"]
        steps = 0
        while phrase.job(uid, job)["status"] != "COMPLETED":
            phrase.simulator.advance(5)
            steps += 1
        return uid, job, steps

    assert course() == course()


def test_time_runs_at_the_chosen_speed(connect):
    with SimulatorProcess(speed=600, settings={"unassigned_work_moves": True}) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        job = phrase.upload(uid).json()["jobs"][0]["uid"]
        began = time.monotonic()
        while phrase.job(uid, job)["status"] != "COMPLETED":
            assert time.monotonic() < began + 60
            time.sleep(0.02)
        # 100 to 205 simulated seconds
        assert 0.1 < time.monotonic() - began < 60
