"""What a lane knows from the manifest, and that its lines never hide those of a newer run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from phrase_provider.manifest.lines import ManifestKey, written_at
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.services.tms.lane.records import RETRY_AFTER, LaneRecords
from phrase_provider.services.tms.lane.targets import State, Target

BEGUN = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def manifest(tmp_path):
    return Manifest(f"{tmp_path}/manifest.jsonl")


@pytest.fixture
def target():
    return Target("p", "j", ManifestKey("a.md", "de"), "/out/de/a.md", sha256="new")


def records(manifest, *targets, run="own", tried=BEGUN):
    made = LaneRecords(manifest, run, targets, begun=BEGUN, tried=tried)
    made.refresh()
    return made


def line(run="own", **facts):
    known = {"source": "a.md", "target_lang": "de", "job_uid": "j", "at": written_at(), "run": run}
    return known | facts


def written(**facts):
    return line(sha256="new", target_sha256="1", target_source_sha256="new", delivered_at="2026", **facts)


def newest(manifest):
    (found,) = manifest.read().values()
    return found


def delivered(target):
    target.state, target.written_sha256 = State.DELIVERED, "1"
    return [target]


def test_what_was_written_from_this_source_is_delivered(manifest, target):
    manifest.add("own", [written()])
    records(manifest, target).recall(target)
    assert target.state is State.DELIVERED


@pytest.mark.parametrize(
    "facts",
    [
        {"target_source_sha256": "old"},
        {"target_sha256": None},
        {"delivered_at": None},
        {"job_uid": "another"},
    ],
)
def test_what_was_written_from_another_source_or_job_is_open(manifest, target, facts):
    manifest.add("own", [written() | facts])
    records(manifest, target).recall(target)
    assert target.state is State.OPEN


def test_a_later_line_of_another_run_takes_the_target_over(manifest, target):
    manifest.add("newer", [line("newer")])
    records(manifest, target)
    assert target.state is State.TAKEN_OVER
    assert "run newer" in target.error


def test_a_line_from_before_the_run_began_does_not(manifest, target):
    manifest.add("older", [line("older", at="2026-01-01T00:00:00.000000+00:00")])
    records(manifest, target).recall(target)
    assert target.state is State.OPEN


def test_what_a_newer_run_has_delivered_is_delivered(manifest, target):
    manifest.add("newer", [written(run="newer")])
    own = records(manifest, target)
    own.recall(target)
    assert target.state is State.DELIVERED
    assert own.is_taken_over(target)


def test_a_run_that_is_cleared_leaves_later_content_to_the_run_that_sent_it(manifest, target):
    manifest.add("newer", [line("newer", at="2026-01-01T00:00:00.000000+00:00", sha256="newest")])
    records(manifest, target)
    assert target.state is State.TAKEN_OVER


def test_a_line_that_a_newer_run_writes_meanwhile_stays_the_newest(manifest, target):
    own = records(manifest, target)
    manifest.add("newer", [line("newer", status="ACCEPTED")])
    # Written later than that line, and dated to what was known.
    own.add_delivered(delivered(target))
    assert newest(manifest)["run"] == "newer"
    own.refresh()
    assert target.state is State.TAKEN_OVER


def test_an_own_line_takes_the_place_of_the_one_before_whatever_the_clocks_say(manifest, target):
    ahead = (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="microseconds")
    manifest.add("own", [line(at=ahead, words=7)])
    records(manifest, target).add_delivered(delivered(target))
    found = newest(manifest)
    assert (found["status"], found["words"]) == ("DELIVERED", 7)
    assert found["at"] > ahead


def test_only_what_was_added_is_read_again(manifest, target):
    manifest.add("own", [line()])
    own = records(manifest, target)
    (part,) = Path(manifest.parts_folder).iterdir()
    part.write_text("damaged, and not read again")
    manifest.add("own", [written()])
    own.refresh()
    own.recall(target)
    assert target.state is State.DELIVERED


def test_a_failure_counts_for_its_try_alone(manifest, target):
    target.state, target.error, target.status = State.FAILED, "no room", "COMPLETED"
    records(manifest, target).add_failed([target])
    for tried, state in ((BEGUN, State.FAILED), (datetime.now(UTC), State.OPEN)):
        target.state = State.OPEN
        records(manifest, target, tried=tried).recall(target)
        assert target.state is state


def test_a_failure_is_recorded_once_for_each_try(manifest, target):
    target.state, target.error, target.status = State.FAILED, "no room", "COMPLETED"
    own = records(manifest, target)
    own.add_failed([target])
    own.add_failed([target])
    assert len(manifest.parts()) == 1
    records(manifest, target, tried=datetime.now(UTC)).add_failed([target])
    assert len(manifest.parts()) == 2


def test_an_hour_later_a_failure_may_be_tried_again_and_is_dated_anew(manifest, target):
    old = (datetime.now(UTC) - timedelta(seconds=RETRY_AFTER + 1)).isoformat(timespec="microseconds")
    target.state, target.error, target.status = State.FAILED, "no room", "COMPLETED"
    manifest.add("own", [line(at=old, project_uid="p", status="COMPLETED", error="no room")])
    tried = datetime.now(UTC) - timedelta(days=1)
    own = records(manifest, target, tried=tried)
    own.recall(target)
    assert target.state is State.OPEN
    target.state, target.error = State.FAILED, "no room"
    own.add_failed([target])
    assert newest(manifest)["at"] > old
    own.recall(target)
    assert target.state is State.FAILED


def test_what_ended_stays_so_for_the_whole_try(manifest, target):
    old = (datetime.now(UTC) - timedelta(seconds=RETRY_AFTER + 1)).isoformat(timespec="microseconds")
    manifest.add("own", [line(at=old, status="GONE", error="deleted")])
    records(manifest, target, tried=datetime.now(UTC) - timedelta(days=1)).recall(target)
    assert target.state is State.ENDED


def test_what_ended_is_told_from_what_failed(manifest, target):
    target.state, target.error, target.status = State.ENDED, "cancelled", "CANCELLED"
    own = records(manifest, target)
    own.add_failed([target])
    own.recall(target)
    assert (target.state, target.error) == (State.ENDED, "cancelled")


def test_a_failure_keeps_the_target_that_was_written_before(manifest, target):
    manifest.add("own", [written() | {"target_source_sha256": "old"}])
    target.state, target.error = State.FAILED, "x" * 5000
    records(manifest, target).add_failed([target])
    found = newest(manifest)
    assert (found["target_sha256"], found["target_source_sha256"], found["sha256"]) == ("1", "old", "new")
    assert len(found["error"]) == 1000


def test_without_a_checksum_in_the_list_the_job_tells(manifest, target):
    target.sha256 = None
    manifest.add("own", [written()])
    records(manifest, target).recall(target)
    assert target.state is State.DELIVERED
