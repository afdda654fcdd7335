"""An outage is tolerated no longer in reschedule mode, where every poll is a process of its own."""

from __future__ import annotations

import json

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout
from task_runs import RESCHEDULE, context, run

from phrase_provider.exceptions import PhraseServerError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor


@pytest.fixture
def jobs(phrase):
    project_uid, uids = phrase.jobs("de", "pt_br")
    return {"project_uid": project_uid, "job_uids": uids}


class Store:
    """A task's state store."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, key):
        return json.loads(self.kept[key]) if key in self.kept else None

    def set(self, key, value):
        self.kept[key] = json.dumps(value)


@pytest.fixture
def outage(phrase, jobs, connect, monkeypatch):
    """A Phrase that is down, for a task that looks from a process of its own each time."""
    connect(retries=0)
    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "0.3")
    phrase.simulator.fault(path="/jobs/", status=503, times=None)
    phrase.forget()

    def wait(store, **arguments):
        told = context() | ({"task_state_store": store} if store else {})
        return run(PhraseTmsJobStatusSensor, RESCHEDULE, told, poke_interval=0.05, **jobs, **arguments)

    return wait


def test_outage_is_borne_no_longer_in_reschedule_mode(phrase, outage):
    with pytest.raises(PhraseServerError, match="503"):
        outage(Store(), timeout=30)
    assert 3 <= len(phrase.sent("GET", "/jobs/")) <= 30


def test_outage_that_ends_is_forgotten(phrase, jobs, outage, after_request, monkeypatch):
    def end():
        phrase.simulator.clear_faults()
        for uid in jobs["job_uids"]:
            phrase.simulator.job(uid, "complete")

    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "60")
    after_request("/jobs/", end)
    store = Store()
    assert outage(store, timeout=30)["counts"] == {"COMPLETED": 2}
    assert store.get("phrase.failing_since")["since"] is None


def test_outage_of_a_former_try_does_not_count(phrase, outage):
    store = Store()
    store.set("phrase.failing_since", {"since": 0, "try_number": 7})
    with pytest.raises(PhraseServerError):
        outage(store, timeout=30)
    assert len(phrase.sent("GET", "/jobs/")) >= 3


def test_outage_is_bounded_by_the_timeout_where_nothing_is_kept(outage):
    with pytest.raises(AirflowSensorTimeout, match="The deadline passed"):
        outage(None, timeout=0.6)
