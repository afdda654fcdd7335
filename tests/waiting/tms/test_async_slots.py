"""The hub wakes no more tasks than may start an async request."""

from __future__ import annotations

import pytest
from hub_runs import at_hub

from phrase_provider.exceptions import PhraseTimeoutError
from phrase_provider.waiting.tms.async_slots import AsyncSlotFree

COUNT = {"method": "GET", "path": "/async/status$"}


@pytest.fixture
def pending(phrase):
    """An organization that may have ten async requests pending, nine of them by starts, and has four."""
    project_uid, (job_uid,) = phrase.jobs("de")
    phrase.simulator.job(job_uid, "complete")
    for _ in range(4):
        phrase.client.exports.start(project_uid, job_uid)
    phrase.simulator.settings(pending_limit=10)
    phrase.forget()


def woken(phrase, waits=20, seconds=1.5):
    outcomes = at_hub(phrase.simulator, lambda run: run.wait_all([AsyncSlotFree()] * waits, seconds))
    assert all(outcome == {} or isinstance(outcome, PhraseTimeoutError) for outcome in outcomes)
    return sum(outcome == {} for outcome in outcomes)


def test_slots_on_the_way_are_not_handed_out_again(phrase, pending, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.tms.async_slots.WAKING_TIME", 600)
    assert woken(phrase) == 5
    assert len(phrase.sent(**COUNT)) >= 2


def test_slots_whose_tasks_have_had_their_time_are_in_the_count(phrase, pending, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.tms.async_slots.WAKING_TIME", 0)
    assert woken(phrase, seconds=60) == 20
    assert len(phrase.sent(**COUNT)) == 4


def test_no_more_than_a_few_try_at_once_where_no_count_is_told(phrase, pending, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.tms.async_slots.WAKING_TIME", 600)
    monkeypatch.setattr("phrase_provider.waiting.tms.async_slots.BLIND", 3)
    phrase.simulator.fault(**COUNT, status=403, times=None)
    assert woken(phrase) == 3


def test_without_a_limit_all_are_woken_by_one_look(phrase, pending):
    phrase.simulator.settings(pending_limit=None)
    assert woken(phrase, seconds=60) == 20
    assert len(phrase.sent(**COUNT)) == 1
