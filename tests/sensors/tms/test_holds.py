"""Phrase asks a wait to keep away: on a worker, and from the worker into the triggerer."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, TaskDeferred
from task_runs import DEFERRED, POKE, context, event_of, rebuilt, run

from phrase_provider.exceptions import PhraseRateLimitError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor
from phrase_provider.triggers.events import DONE

A_DAY = {"status": 429, "headers": {"Retry-After": "86400"}}


@pytest.fixture
def job(phrase, connect):
    """A completed job; calls are not repeated."""
    connect(retries=0)
    project_uid, (uid,) = phrase.jobs("de")
    phrase.simulator.job(uid, "complete")
    phrase.forget()
    return {"project_uid": project_uid, "job_uids": uid}


@pytest.fixture
def short_hold(monkeypatch):
    """Makes part of a second of what is minutes in life."""
    # The one that others import from comes last.
    for module in ("hub.rate_limiter", "blocking_wait", "intervals"):
        monkeypatch.setattr(f"phrase_provider.waiting.{module}.LONGEST_HOLD", 0.3)


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_wait_looks_again_after_minutes_though_a_day_is_named(phrase, job, short_hold, mode):
    phrase.simulator.fault(path="/jobs/", times=2, **A_DAY)
    result = run(PhraseTmsJobStatusSensor, mode, poke_interval=0.05, **job)
    assert result["counts"] == {"COMPLETED": 1}
    looks = [datetime.fromisoformat(look["time"]) for look in phrase.sent("GET", "/jobs/")]
    assert (looks[1] - looks[0]).total_seconds() >= 0.3
    assert (looks[2] - looks[1]).total_seconds() >= 0.3


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_patience_ends_a_wait_that_is_kept_away(phrase, job, mode, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "0.3")
    if mode == DEFERRED:
        # The one look of the worker holds the hub, too.
        monkeypatch.setattr("phrase_provider.waiting.hub.rate_limiter.LONGEST_HOLD", 0.1)
    phrase.simulator.fault(path="/jobs/", times=None, **A_DAY)
    with pytest.raises(PhraseRateLimitError):
        run(PhraseTmsJobStatusSensor, mode, poke_interval=0.05, timeout=60, **job)
    if mode == POKE:
        assert len(phrase.sent("GET", "/jobs/")) == 1


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_timeout_ends_a_wait_that_is_kept_away(phrase, job, mode):
    phrase.simulator.fault(path="/jobs/", times=None, **A_DAY)
    with pytest.raises(AirflowSensorTimeout, match="429"):
        run(PhraseTmsJobStatusSensor, mode, poke_interval=0.05, timeout=0.5, **job)


class TestDeferral:
    @pytest.fixture
    def deferred(self, phrase, job):
        """Defers a wait after a first look that was asked to keep away for so many seconds."""

        def defer(seconds):
            phrase.simulator.fault(path="/jobs/", status=429, headers={"Retry-After": str(seconds)})
            sensor = PhraseTmsJobStatusSensor(task_id="task", deferrable=True, **job)
            with pytest.raises(TaskDeferred) as caught:
                sensor.execute(context())
            return caught.value.trigger

        return defer

    def test_trigger_knows_until_when_its_task_was_told_to_keep_away(self, phrase, deferred):
        before = time.time()
        trigger = deferred(1)
        assert before + 1 <= trigger.not_before <= time.time() + 1
        assert event_of(rebuilt(trigger))["status"] == DONE
        refused, look = (datetime.fromisoformat(each["time"]) for each in phrase.sent("GET", "/jobs/"))
        assert (look - refused).total_seconds() >= 1

    def test_a_day_becomes_minutes(self, deferred):
        assert deferred(86400).not_before <= time.time() + 300

    def test_first_look_of_the_trigger_waits_for_no_longer_than_minutes(self, phrase, deferred, short_hold):
        trigger = deferred(1)
        trigger.not_before = time.time() + 1e9
        assert event_of(rebuilt(trigger))["status"] == DONE
        assert len(phrase.sent("GET", "/jobs/")) == 2

    def test_moment_that_has_passed_delays_nothing(self, deferred):
        trigger = deferred(1)
        trigger.not_before = time.time() - 1e9
        assert event_of(rebuilt(trigger))["status"] == DONE

    def test_it_is_stored_only_where_it_says_something(self, phrase, job):
        phrase.simulator.fault(path="/jobs/", status=503)
        sensor = PhraseTmsJobStatusSensor(task_id="task", deferrable=True, **job)
        with pytest.raises(TaskDeferred) as caught:
            sensor.execute(context())
        assert "not_before" not in caught.value.trigger.serialize()[1]
