"""Legs of the batch lane: what it tells its trigger, and what it reads when it is woken."""

from __future__ import annotations

import io
import json
import time

import pytest
from lane_runs import PATCH, START, LaneRun
from task_runs import event_of

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.api.tms.source_updates import SourceUpdateRequest
from phrase_provider.exceptions import PhraseServerError

WRITTEN = ("status", "target_sha256", "target_source_sha256", "delivered_at")
LIST = {"method": "GET", "path": "/api2/v2/projects/.*/jobs$"}


@pytest.fixture
def lane(phrase, tmp_path):
    made = LaneRun(phrase, tmp_path)
    phrase.forget()
    return made


def filtered(phrase):
    """Tell of each list request whether it asked for some statuses only, without those that count."""
    queries = [dict(map(tuple, request["query"])) for request in phrase.sent(**LIST)]
    return ["status" in query for query in queries if "count" not in query]


def test_trigger_is_given_projects_and_numbers(phrase, lane):
    lane.complete(*lane.uids[:2])
    trigger = lane.leg(min_wait=30)
    assert trigger.projects == [
        {
            "project_uid": lane.project_uid,
            "level": 1,
            "own_open": 4,
            "own_completed": 0,
            "others_completed": 0,
            "others_open": 0,
        }
    ]
    text = json.dumps(trigger.serialize()[1])
    assert [uid for uid in lane.uids if uid in text] == []
    assert str(lane.folder) not in text
    assert 20 < trigger.earliest - time.time() <= 30
    assert trigger.deadline > time.time() + 59 * 24 * 3600


def test_jobs_of_others_are_told_apart(phrase, lane):
    others = phrase.upload(lane.project_uid, "other.md", ("de", "fr", "ja"))
    phrase.import_files()
    lane.complete(others[0])
    trigger = lane.leg()
    (watched,) = trigger.projects
    assert (watched["own_open"], watched["others_completed"], watched["others_open"]) == (6, 1, 2)
    lane.complete(others[1], *lane.uids)
    assert lane.leg(event_of(trigger))["delivered"] == 6
    assert phrase.status(lane.project_uid, others[0]) == "COMPLETED"


def test_a_woken_leg_reads_only_what_has_moved(phrase, lane):
    trigger = lane.leg()
    phrase.forget()
    lane.complete(lane.uids[0])
    again = lane.leg(event_of(trigger))
    assert again.projects[0]["own_open"] == 5
    assert filtered(phrase) == [True, True]
    assert phrase.sent("GET", "/projects/[^/]*$") == []


def test_what_people_deliver_meanwhile_is_found(phrase, lane):
    trigger = lane.leg()
    phrase.client.jobs.set_status(lane.project_uid, lane.uids[0], JobStatus.DELIVERED)
    phrase.forget()
    again = lane.leg(event_of(trigger))
    assert again.projects[0]["own_open"] == 5
    assert filtered(phrase)[:2] == [True, False]
    assert lane.lines()[lane.uids[0]]["target_sha256"]
    assert phrase.sent(**PATCH) == []


def test_what_people_delete_meanwhile_is_found(phrase, lane):
    trigger = lane.leg()
    phrase.delete_job(lane.project_uid, lane.uids[0])
    again = lane.leg(event_of(trigger))
    assert again.projects[0]["own_open"] == 5
    assert "deleted" in lane.lines()[lane.uids[0]]["error"]


def test_a_deleted_project_ends_its_jobs_alone(phrase, lane):
    second = lane.add_project(1)
    trigger = lane.leg()
    phrase._person("DELETE", f"/api2/v1/projects/{second}", {})
    lane.complete(*lane.uids[:6])
    result = lane.leg(event_of(trigger))
    assert (result["delivered"], result["ended"]) == (6, 3)


def test_a_job_that_is_reopened_after_its_delivery_is_delivered_again(phrase, lane):
    lane.complete(*lane.uids[:5])
    trigger = lane.leg()
    phrase.change_job(lane.project_uid, lane.uids[0], status="ACCEPTED")
    lane.complete(lane.uids[0], lane.uids[5])
    phrase.forget()
    assert lane.leg(event_of(trigger))["delivered"] == 6
    assert len(phrase.sent(**START)) == 2


def test_what_a_newer_run_delivered_and_people_reopened_is_left_to_that_run(phrase, lane):
    lane.complete()
    lane.leg()
    first = lane.uids[0]
    lane.add_lines([first], "newer", **{name: lane.lines()[first][name] for name in WRITTEN})
    phrase.forget()
    assert lane.leg()["delivered"] == 6
    lane.complete(first)
    result = lane.leg()
    assert (result["delivered"], result["taken_over"]) == (5, 1)
    assert phrase.sent(**START) == []


@pytest.mark.parametrize(("batch_size", "left"), [(24, 4), (4, 0)])
def test_few_jobs_that_become_ready_meanwhile_wait_for_others(phrase, lane, once, batch_size, left):
    """One more in a batch of 24 is not worth to hold a worker for, of 4 it is."""
    first, second = lane.uids[:2]
    lane.complete(first)
    phrase.simulator.fault(method="GET", path="downloadTargetFile", delay=1.5)
    once(lambda: phrase.sent(**START), lane.complete, second)
    trigger = lane.leg(batch_size=batch_size)
    (watched,) = trigger.projects
    assert watched["own_open"] == 4
    assert watched["own_completed"] == 0
    assert len(phrase.sent(**START)) == (1 if left else 2)
    assert trigger.enough == batch_size


def test_a_project_that_is_done_is_not_asked_again(phrase, lane):
    second = lane.add_project(1)
    lane.complete(*lane.uids[:6])
    trigger = lane.leg()
    assert [project["project_uid"] for project in trigger.projects] == [second]
    phrase.forget()
    lane.complete(*lane.uids[6:])
    assert lane.leg(event_of(trigger))["delivered"] == 9
    assert phrase.sent("GET", lane.project_uid) == []


def test_a_new_source_that_is_being_imported_is_waited_for(phrase, lane):
    updated, *others = lane.uids
    lane.complete()
    phrase.client.jobs.set_status(lane.project_uid, updated, JobStatus.DELIVERED)
    phrase.simulator.settings(delivered_is_final=False)
    request = SourceUpdateRequest("00.md", [updated])
    phrase.client.source_updates.start(lane.project_uid, request, lambda: io.BytesIO(b"Hello again\n"))
    before = time.time()
    trigger = lane.leg()
    assert phrase.sent("PUT", updated) == []
    assert len(phrase.sent(**START)) == len(others)
    # Its status will not change, so it is looked at soon.
    assert before + 100 < trigger.latest <= time.time() + 120
    assert lane.leg(woken(trigger)).latest > time.time() + 200
    phrase.import_files()
    assert lane.leg(woken(trigger))["delivered"] == 6
    assert len(phrase.sent("PUT", updated)) == 1


def test_a_file_that_is_imported_during_the_wait_is_taken_home(phrase, lane):
    phrase.upload(lane.project_uid, "late.md", ("de",))
    late = next(phrase.client.jobs.list(lane.project_uid, filename="late.md"))
    lane.rows.append(lane._row(lane.project_uid, late))
    lane.complete(*lane.uids[:6])
    trigger = lane.leg(jobs=lane.rows)
    assert trigger.latest < time.time() + 125
    phrase.import_files()
    lane.complete(late["uid"])
    assert lane.leg(event_of(trigger), jobs=lane.rows)["delivered"] == 7


def woken(trigger):
    """Make the event of a trigger whose latest time has come."""
    trigger.latest = time.time() - 1
    return event_of(trigger)


def test_all_parts_of_a_split_job_count(phrase, lane):
    project_uid, first = lane.project_uid, lane.uids[0]
    phrase._person("POST", f"/api2/v1/projects/{project_uid}/jobs/{first}/split", {"partCount": 2})
    parts = [part["uid"] for part in phrase.client.jobs.get_parts(project_uid, first)]
    assert len(parts) == 2
    lane.rows[0]["job_uid"] = parts[0]
    lane.complete(parts[0], *lane.uids[1:])
    trigger = lane.leg(jobs=lane.rows)
    assert phrase.sent("PUT", parts[0]) == []
    # The part that is completed already does not wake the task.
    (watched,) = trigger.projects
    numbers = ("own_open", "own_completed", "others_completed", "others_open")
    assert [watched[name] for name in numbers] == [0, 1, 0, 1]
    assert not trigger.condition().check(phrase.client).done
    lane.complete(parts[1])
    assert lane.leg(event_of(trigger), jobs=lane.rows)["delivered"] == 6
    assert [phrase.status(project_uid, uid) for uid in parts] == ["DELIVERED"] * 2


def test_a_job_that_was_not_imported_does_not_keep_the_last_ones_waiting(phrase, lane):
    phrase.simulator.settings(import_error="no such filter")
    lane.add_project(1, ("de",))
    phrase.simulator.settings(import_error=None)
    broken = phrase.upload(lane.project_uid, "broken.md", ("de",))[0]
    phrase.simulator.job(broken, "fail-import")
    lane.rows.append(lane._row(lane.project_uid, phrase.client.jobs.get(lane.project_uid, broken)))
    trigger = lane.leg(jobs=lane.rows)
    (watched,) = trigger.projects
    assert (watched["own_open"], watched["others_open"]) == (6, 1)
    lane.complete(*lane.uids[:6])
    # With an hour to wait for others it ends at once: none is open any more.
    trigger.max_hold = 3600
    result = lane.leg(event_of(trigger), jobs=lane.rows)
    assert (result["delivered"], result["ended"]) == (6, 2)


def test_the_deadline_moves_with_the_due_dates(phrase, lane):
    trigger = lane.leg()
    event = {"status": "failed", "error": {"type": "PhraseTimeoutError", "message": "late"}}
    event |= {"deadline": time.time() - 1, "note": {"started": time.time() - 10}}
    phrase.change_job(lane.project_uid, lane.uids[0], dateDue="2040-01-01T00:00:00Z")
    again = lane.leg(event)
    assert again.deadline > trigger.deadline


def test_what_is_open_at_the_deadline_has_failed(phrase, lane):
    lane.complete(*lane.uids[:5])
    trigger = lane.leg(timeout=0.5)
    result = lane.leg(event_of(trigger), timeout=0.5)
    assert (result["delivered"], result["failed"]) == (5, 1)


def test_a_wait_that_failed_fails_the_task(phrase, lane):
    lane.leg()
    error = {"type": "PhraseServerError", "message": "Phrase is down", "can_pass": True}
    with pytest.raises(PhraseServerError, match="Phrase is down"):
        lane.leg({"status": "failed", "error": error})


def test_an_event_that_is_not_the_triggers_own_makes_it_look_at_everything(phrase, lane):
    trigger = lane.leg()
    lane.complete()
    event = event_of(trigger)
    event["result"]["projects"] = "all"
    phrase.forget()
    assert lane.leg(event)["delivered"] == 6
    assert filtered(phrase)[0] is False


def test_a_failure_is_not_tried_again_by_the_next_leg_of_the_same_try(phrase, lane):
    lane.complete(*lane.uids[:5])
    phrase.simulator.job(lane.uids[0], "fail-export")
    trigger = lane.leg()
    assert trigger.projects[0]["own_completed"] == 1
    lane.complete(lane.uids[5])
    phrase.forget()
    result = lane.leg(event_of(trigger))
    assert (result["delivered"], result["failed"]) == (5, 1)
    assert len(phrase.sent(**START)) == 1


def test_a_failure_is_tried_again_by_a_leg_that_comes_an_hour_later(phrase, lane, monkeypatch):
    lane.complete(*lane.uids[:5])
    phrase.simulator.job(lane.uids[0], "fail-export")
    trigger = lane.leg()
    lane.complete(lane.uids[5])
    monkeypatch.setattr("phrase_provider.services.tms.lane.records.RETRY_AFTER", 0)
    phrase.forget()
    assert lane.leg(event_of(trigger))["delivered"] == 6
    assert len(phrase.sent(**START)) == 2


def test_phrase_that_is_down_ends_the_leg_and_what_was_delivered_stays(phrase, lane, connect):
    lane.complete(lane.uids[0])
    trigger = lane.leg()
    lane.complete(*lane.uids[1:])
    connect(retries=0)
    phrase.simulator.fault(**START, status=503, times=None)
    with pytest.raises(PhraseServerError) as raised:
        lane.leg(event_of(trigger))
    assert raised.value.can_pass
    # Five faults in a row are enough to know.
    assert len(phrase.sent(**START)) <= 1 + 5 + 8
    phrase.simulator.clear_faults()
    phrase.forget()
    assert lane.leg()["delivered"] == 6
    assert len(phrase.sent(**START)) == 5
