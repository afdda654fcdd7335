"""A batch lane is killed with SIGKILL at each point of its work; the next try goes on where it was."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import signal
from pathlib import Path

import pytest
from lane_runs import DOWNLOAD, PATCH, START, LaneRun
from phrase_fixtures import until
from task_process import TaskRun

from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator

ASYNC = {"method": "GET", "path": r"/async/\d+$"}
SEARCH = {"method": "POST", "path": "/jobs/search$"}
SET = {"method": "POST", "path": "/setStatus$"}
CALLS = {"start": START, "async": ASYNC, "download": DOWNLOAD, "search": SEARCH, "status": PATCH}


class KilledLane:
    """A lane whose task is tried again and again."""

    def __init__(self, phrase, folder, **arguments) -> None:
        self.phrase = phrase
        self.lane = LaneRun(phrase, folder, files=2)
        given = self.lane.arguments(**arguments)
        self.task = TaskRun(folder / "state", lambda: PhraseTmsTranslateOperator(task_id="task", **given))
        phrase.forget()

    def parts(self):
        folder = Path(f"{self.lane.manifest}.d")
        return [part for part in folder.iterdir() if part.name[0] != "."] if folder.exists() else []

    def finish(self):
        """Try it to its end; nothing may be lost, mixed or left over."""
        assert self.task.run()["delivered"] == len(self.lane.rows)
        assert set(self.lane.statuses()) == {"DELIVERED"}
        assert len(self.lane.written()) == len(self.lane.rows)
        for row in self.lane.rows:
            line = self.lane.lines()[row["job_uid"]]
            content = Path(row["target_path"]).read_bytes()
            assert line["target_sha256"] == hashlib.sha256(content).hexdigest()
            assert line["target_source_sha256"] == row["sha256"]

    def answered(self, request):
        return [sent for sent in self.phrase.sent(**request) if sent["status"] and not sent["fault"]]


@pytest.fixture(autouse=True)
def quick(phrase, connect):
    """What is pending in the ledger is looked for as long as a request may last: two seconds here."""
    connect(timeout=2)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["hang", "hang_after"])
def test_killed_while_it_waits_for_an_answer(phrase, tmp_path, call, fault):
    killed = KilledLane(phrase, tmp_path)
    killed.lane.complete()
    rule = phrase.simulator.fault(**CALLS[call], **{fault: True})
    killed.task.kill_when(lambda: [each for each in phrase.sent(**CALLS[call]) if each["fault"] == rule])
    killed.finish()
    # Once more at most for each of the six.
    assert len(phrase.sent(**START)) <= 12
    delivered = [len(json.loads(sent["body"])["jobs"]) for sent in killed.answered(PATCH)]
    # What took effect before the kill needs no status again.
    assert delivered == ([] if (call, fault) == ("status", "hang_after") else [6])


def test_killed_after_a_part_of_the_manifest_was_written(phrase, tmp_path):
    killed = KilledLane(phrase, tmp_path)
    *most, late = killed.lane.uids
    killed.lane.complete(*most)
    killed.task.kill_when(killed.parts)
    killed.lane.complete(late)
    killed.finish()
    # What is recorded is not exported again.
    assert len(phrase.sent(**START)) == 6


def test_killed_between_the_status_and_the_manifest(phrase, tmp_path):
    killed = KilledLane(phrase, tmp_path)
    killed.lane.complete()
    phrase.simulator.fault(**PATCH, hang_after=True)
    killed.task.kill_when(lambda: "DELIVERED" in killed.lane.statuses())
    assert killed.parts() == []
    killed.finish()
    assert len(phrase.sent(**START)) == 12
    assert killed.answered(PATCH) == []


def test_killed_while_it_waits_for_people(phrase, tmp_path):
    killed = KilledLane(phrase, tmp_path)
    killed.task.kill_when(lambda: len(phrase.sent("GET", "/api2/v2/projects/.*/jobs$")) >= 4)
    killed.lane.complete()
    killed.finish()
    assert len(phrase.sent(**START)) == 6


@pytest.mark.parametrize(("fault", "effective"), [("hang", 6), ("hang_after", 6)])
def test_mails_are_sent_once_however_often_it_is_killed(phrase, tmp_path, fault, effective):
    killed = KilledLane(phrase, tmp_path, notify_owner=True)
    killed.lane.complete()
    rule = phrase.simulator.fault(**SET, after=2, **{fault: True})
    killed.task.kill_when(lambda: [each for each in phrase.sent(**SET) if each["fault"] == rule])
    killed.finish()
    no_effect = rule if fault == "hang" else 0
    bodies = [json.loads(each["body"]) for each in phrase.sent(**SET) if each["fault"] != no_effect]
    assert [body["notifyOwner"] for body in bodies] == [True] * effective


def test_killed_at_random_again_and_again(phrase, tmp_path):
    killed = KilledLane(phrase, tmp_path)
    killed.lane.complete()
    chance = random.Random(11)
    for _ in range(10):
        requests = len(phrase.sent()) + chance.randrange(1, 25)
        process = multiprocessing.get_context("fork").Process(target=killed.task.run)
        process.start()
        until(lambda wanted=requests, own=process: len(phrase.sent()) >= wanted or not own.is_alive())
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
    killed.finish()


def test_two_lanes_over_the_same_jobs_lose_and_mix_nothing(phrase, tmp_path):
    killed = KilledLane(phrase, tmp_path)
    killed.lane.complete()
    process = multiprocessing.get_context("fork").Process(target=killed.task.run)
    process.start()
    other = TaskRun(
        tmp_path / "other",
        lambda: PhraseTmsTranslateOperator(task_id="task", **killed.lane.arguments()),
    )
    other.run()
    process.join()
    assert process.exitcode == 0
    killed.finish()
