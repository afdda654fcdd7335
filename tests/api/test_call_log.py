from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from phrase_provider.api.call_log import CallLog
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import PhraseError

# The table of Phrase's workflow guide, and the id that Phrase's support asks for.
FIELDS = {
    "timestamp",
    "requestId",
    "correlationId",
    "projectUid",
    "jobUid",
    "asyncRequestId",
    "pluginInstanceId",
    "endpoint",
    "method",
    "statusCode",
    "durationMs",
} | {"actionId"}


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="phrase_provider.api.call_log")

    def read():
        told = [r.getMessage() for r in caplog.records if r.name == "phrase_provider.api.call_log"]
        assert all(line.startswith("phrase call {") for line in told)
        return [json.loads(line.removeprefix("phrase call ")) for line in told]

    return read


def test_line_has_the_fields_of_the_guide(requests_mock, settings, lines):
    call_log = CallLog("my_dag/my_run")
    client = TmsClient(PhraseSession(settings, settings.tms_url, call_log=call_log))
    headers = {"memsource-action-id": "a1"}
    url = "https://tms.test/web/api2/v1/projects/p1/jobs/j1"
    requests_mock.get(url, json={"uid": "j1"}, headers=headers)
    client.jobs.get("p1", "j1")
    (line,) = lines()
    assert set(line) == FIELDS
    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("timestamp")) < timedelta(seconds=30)
    assert 0 <= line.pop("durationMs") < 10_000
    assert len(line.pop("requestId")) == 32
    assert line.pop("pluginInstanceId").endswith(f":{os.getpid()}")
    assert line == {
        "correlationId": "my_dag/my_run",
        "projectUid": "p1",
        "jobUid": "j1",
        "asyncRequestId": None,
        "endpoint": "/api2/v1/projects/{project_uid}/jobs/{job_uid}",
        "method": "GET",
        "statusCode": 200,
        "actionId": "a1",
    }


def test_every_request_has_a_line_of_its_own(wire, settings, lines):
    server = wire(wire.token(), wire.answer(401), wire.token(), wire.RESET)
    changed = replace(settings, platform_url=server.url, tms_url=server.url, retries=0)
    client = TmsClient.connect(changed, correlation_id="flow")
    with pytest.raises(PhraseError):
        client.async_requests.get("77")
    assert [(line["method"], line["endpoint"], line["statusCode"]) for line in lines()] == [
        ("POST", "/idm/oauth/token", 200),
        ("GET", "/api2/v1/async/{async_request_id}", 401),
        ("POST", "/idm/oauth/token", 200),
        ("GET", "/api2/v1/async/{async_request_id}", None),
    ]
    assert {line["correlationId"] for line in lines()} == {"flow"}
    assert [line["asyncRequestId"] for line in lines()] == [None, "77", None, "77"]
    assert len({line["requestId"] for line in lines()}) == 4


def test_calls_of_one_client_are_joined_without_a_flow(requests_mock, settings, lines):
    requests_mock.get("https://tms.test/web/api2/v1/auth/whoAmI", json={})
    client = TmsClient(PhraseSession(settings, settings.tms_url))
    client.users.who_am_i()
    client.users.who_am_i()
    assert len({line["correlationId"] for line in lines()}) == 1
