from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from task_runs import event_of, rebuilt

from phrase_provider.exceptions import PhraseConnectionError
from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger
from phrase_provider.triggers.tms.jobs import PhraseTmsJobStatusTrigger


@pytest.fixture
def trigger(phrase):
    """A wait that is met already."""
    project_uid, job_uids = phrase.jobs("de")
    phrase.simulator.job(job_uids[0], "complete")
    wait = {"phrase_conn_id": "phrase_default", "poke_interval": 0.05}
    return rebuilt(PhraseTmsJobStatusTrigger(project_uid=project_uid, job_uids=job_uids, **wait))


def test_calls_serve_many_flows_and_are_joined_by_connection(trigger):
    with capture_logs() as told:
        event_of(trigger)
    lines = [line for line in told if "statusCode" in line]
    assert lines
    assert {line["correlationId"] for line in lines} == {"hub/phrase_default"}


def test_broken_connection_ends_the_wait(trigger, connect):
    connect(region="mars")
    with pytest.raises(PhraseConnectionError, match="'mars'"):
        result_of(event_of(trigger))


def test_unknown_connection_ends_the_wait():
    trigger = PhraseTmsAsyncRequestTrigger(async_request_id="1", phrase_conn_id="nowhere")
    with pytest.raises(PhraseConnectionError, match="no Airflow connection 'nowhere'"):
        result_of(event_of(trigger))


def test_calls_are_not_repeated_by_the_client_itself(phrase, trigger):
    phrase.forget()
    phrase.simulator.fault(path="/jobs/", status=503)
    with capture_logs() as told:
        assert result_of(event_of(trigger))["counts"] == {"COMPLETED": 1}
    assert len(phrase.sent("GET", "/jobs/")) == 2
    assert not any("Trying again in" in line["event"] for line in told)
