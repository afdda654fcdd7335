"""Updates that wait while somebody translates the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from source_update_runs import NEW, SEND, File

from phrase_provider.services.tms.updates.quiet_periods import QuietPeriod


@pytest.fixture
def file(phrase, tmp_path):
    """A file that somebody has begun to translate in one of its languages."""
    file = File(phrase, tmp_path)
    file.set_status("ACCEPTED", ("de", 1))
    file.change()
    phrase.forget()
    return file


def outcomes(results):
    return {result["outcome"] for result in results.values()}


def look(file):
    """Give where the last look is kept, and what it showed."""
    [path] = [path for path in file.noted() if path.name.startswith("quiet-")]
    return path, json.loads(path.read_text())


def age(file, minutes, *fields):
    """Make the last look as if it had been made earlier."""
    path, kept = look(file)
    for field in fields:
        kept[field] = (datetime.fromisoformat(kept[field]) - timedelta(minutes=minutes)).isoformat()
    path.write_text(json.dumps(kept))


QUIET = {"quiet": QuietPeriod(30)}


def test_first_look_holds_the_update(phrase, file):
    results = file.update(**QUIET)
    assert outcomes(results) == {"held"}
    assert results["de"]["can_pass"]
    until = datetime.now(UTC) + timedelta(minutes=30)
    assert f"until {until:%Y-%m-%d %H}" in results["de"]["error"]
    assert phrase.sent(**SEND) == []


def test_file_on_which_nobody_works_is_updated_at_once(phrase, file):
    file.set_status("NEW", ("de", 1))
    assert outcomes(file.update(**QUIET)) == {"updated"}
    assert len(phrase.sent("POST", "segmentsCount$")) == 2


def test_done_work_is_not_waited_for(file):
    file.set_status("DELIVERED", ("de", 1), ("de", 2))
    assert outcomes(file.update(**QUIET)) == {"updated"}


def test_update_comes_when_nothing_has_moved_for_long_enough(file):
    file.update(**QUIET)
    age(file, 29, "unchanged_since", "held_since")
    assert outcomes(file.update(**QUIET)) == {"held"}
    age(file, 2, "unchanged_since", "held_since")
    assert outcomes(file.update(**QUIET)) == {"updated"}
    assert file.content() == NEW
    assert not any(path.name.startswith("quiet-") for path in file.noted())


def test_work_between_two_looks_starts_the_time_anew(phrase, file):
    file.update(**QUIET)
    age(file, 60, "unchanged_since", "held_since")
    # All its segments are confirmed, and the step is open again.
    file.set_status("COMPLETED", ("de", 1))
    file.set_status("ACCEPTED", ("de", 1))
    assert outcomes(file.update(**QUIET)) == {"held"}
    _, kept = look(file)
    assert kept["confirmed"][file.parts["de", 1]] > 0
    assert kept["unchanged_since"] > kept["held_since"]


def test_update_does_not_wait_for_ever(file):
    file.update(quiet=QuietPeriod(30, at_most=120))
    age(file, 121, "held_since")
    assert outcomes(file.update(quiet=QuietPeriod(30, at_most=120))) == {"updated"}


def test_update_that_was_begun_is_not_held(phrase, file):
    phrase.simulator.fault(**SEND, reset_before=True)
    file.update()
    assert outcomes(file.update(**QUIET)) == {"updated"}


def test_counts_that_cannot_be_read_fail_the_update_and_can_pass(phrase, file):
    phrase.simulator.fault(method="POST", path="segmentsCount$", times=None, status=503)
    results = file.update(**QUIET)
    assert outcomes(results) == {"failed"}
    assert results["de"]["can_pass"]
    assert phrase.sent(**SEND) == []
