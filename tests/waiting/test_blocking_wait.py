from __future__ import annotations

import logging
import time

import pytest
from task_runs import POKE, run

from phrase_provider.exceptions import (
    PhraseImportError,
    PhraseNotFoundError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseTimeoutError,
)
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollResult
from phrase_provider.waiting.intervals import LONGEST_HOLD

A_DAY = {"status": 429, "headers": {"Retry-After": "86400"}}


class Count(Condition):
    """Met by three; lost with four."""

    poll_interval = MACHINE_WORK
    title = "three"

    def read(self, client):
        found = client.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def evaluate(self, found):
        error = PhraseImportError("Four is too many") if found == 4 else None
        return PollResult(found == 3, f"{found} so far", {"count": found}, error)


def wait(*answers, **arguments):
    """Make a wait for which Phrase has these answers; gives the list of those left, too."""
    left = list(answers)
    return BlockingWait(Count(), left, logging.getLogger("task"), **arguments), left


def test_wait_polls_until_the_condition_is_met():
    waiting, left = wait(1, PhraseServerError("Down", status=503), 2, 3, 5, max_interval=0.01)
    assert wait_for(waiting) == {"count": 3}
    assert left == [5]


@pytest.mark.parametrize(
    ("answer", "error"),
    [(4, PhraseImportError), (PhraseNotFoundError("No", status=404), PhraseNotFoundError)],
)
def test_wait_ends_with_what_does_not_pass(answer, error):
    waiting, _ = wait(1, answer, max_interval=0.01)
    with pytest.raises(error):
        wait_for(waiting)


def test_deadline_that_has_passed_tells_what_is_open():
    waiting, _ = wait(1, deadline=time.time() - 1)
    with pytest.raises(PhraseTimeoutError, match="Last seen: 1 so far"):
        waiting.poll()


def test_condition_that_is_met_at_the_deadline_is_met():
    waiting, _ = wait(3, deadline=time.time() - 1)
    assert waiting.poll() == {"count": 3}


def test_pause_ends_at_the_deadline():
    waiting, _ = wait(1, deadline=time.time() + 600, max_interval=3600)
    assert 0 < waiting.pause() <= 600
    late, _ = wait(1, deadline=time.time() - 1)
    assert late.pause() == 0


def test_nobody_polls_while_phrase_asks_for_a_pause():
    waiting, left = wait(PhraseRateLimitError("Too many", status=429, retry_after=86400), 3)
    assert waiting.poll() is None
    assert waiting.poll() is None
    assert left == [3]
    # Longer than between two polls, and no longer than minutes.
    assert MACHINE_WORK.maximum < waiting.pause() <= LONGEST_HOLD


def test_wait_within_an_operator_ends_with_its_patience(phrase, connect, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "0.3")
    connect(retries=0)
    project_uid, (uid,) = phrase.jobs("de")
    phrase.simulator.job(uid, "complete")
    phrase.forget()
    phrase.simulator.fault(path=r"/async/\d+$", times=None, **A_DAY)
    where = {"project_uid": project_uid, "job_uid": uid}
    with pytest.raises(PhraseRateLimitError):
        run(PhraseTmsExportTargetFileOperator, POKE, target_path=f"{tmp_path}/a.md", **where)
    assert len(phrase.sent("GET", r"/async/\d+$")) == 1
