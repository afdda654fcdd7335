from __future__ import annotations

import logging
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from phrase_provider.api.call_log import CallLog
from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import PhraseError

LOGGER = "phrase_provider.api.call_log"
WEB = "https://tms.test/web"
# The table of Phrase's workflow guide, and the id that Phrase's support asks for; an id that a call has not
# is left out.
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
def plain(caplog):
    """Logging as it is in plain Python: nothing set up structlog. Gives texts and fields of the lines."""
    told, configured = structlog.get_config(), structlog.is_configured()
    structlog.reset_defaults()
    caplog.set_level(logging.INFO, logger=LOGGER)

    def read():
        records = [record for record in caplog.records if record.name == LOGGER]
        return [
            (record.getMessage(), {name: vars(record)[name] for name in FIELDS & set(vars(record))})
            for record in records
        ]

    yield read
    if configured:
        structlog.configure(**told)


@pytest.fixture
def lines(plain):
    return lambda: [fields for _, fields in plain()]


@pytest.fixture
def client(settings):
    return TmsClient(PhraseSession(settings, settings.tms_url, call_log=CallLog("my_dag/my_run")))


JOB = {
    "correlationId": "my_dag/my_run",
    "projectUid": "p1",
    "jobUid": "j1",
    "endpoint": "/api2/v1/projects/{project_uid}/jobs/{job_uid}",
    "method": "GET",
    "statusCode": 200,
    "actionId": "a1",
}


@pytest.fixture
def job(requests_mock):
    headers = {"memsource-action-id": "a1"}
    requests_mock.get(f"{WEB}/api2/v1/projects/p1/jobs/j1", json={"uid": "j1"}, headers=headers)


def test_line_has_the_fields_of_the_guide(client, job, plain):
    client.jobs.get("p1", "j1")
    ((text, line),) = plain()
    assert set(line) == FIELDS - {"asyncRequestId"}
    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("timestamp")) < timedelta(seconds=30)
    assert 0 <= line["durationMs"] < 10_000
    assert text == f"GET …/jobs/j1 → 200, {line.pop('durationMs')} ms"
    assert len(line.pop("requestId")) == 32
    assert line.pop("pluginInstanceId").endswith(f":{os.getpid()}")
    assert line == JOB


def test_fields_are_keywords_where_structlog_is_set_up(client, job, plain):
    # What Airflow does with them is tested with Airflow.
    with structlog.testing.capture_logs() as told:
        client.jobs.get("p1", "j1")
    assert plain() == []
    (line,) = told
    assert line.pop("event") == f"GET …/jobs/j1 → 200, {line.pop('durationMs')} ms"
    assert line.pop("log_level") == "info"
    assert {"requestId", "pluginInstanceId"} <= set(line)
    assert {name: line[name] for name in JOB} == JOB
    # The time of a line is the logging's own.
    assert "timestamp" not in line


@pytest.mark.parametrize(
    ("endpoint", "ids", "told"),
    [
        ("GET /api2/v2/projects/{project_uid}/jobs", {"project_uid": "p"}, "GET …/jobs"),
        ("GET /api2/v1/projects/{project_uid}", {"project_uid": "p"}, "GET …/projects/p"),
        (
            "POST /api2/v2/projects/applyTemplate/{template_uid}",
            {"template_uid": "t"},
            "POST …/projects/applyTemplate/t",
        ),
        ("GET /api2/v1/async/{async_request_id}", {"async_request_id": "77"}, "GET …/async/77"),
        ("POST /idm/oauth/token", {}, "POST /idm/oauth/token"),
        ("GET /api2/v1/x/{uid}", {"uid": "a\n%s{b}"}, "GET …/x/a\\n%s{b}"),
    ],
)
def test_text_is_short_and_cannot_break_the_line(plain, endpoint, ids, told):
    with CallLog().call(Endpoint(*endpoint.split(" ")), ids) as line:
        line.status_code = 204
    assert re.fullmatch(rf"{re.escape(told)} → 204, \d+ ms", plain()[0][0])


def test_every_request_has_a_line_of_its_own(wire, settings, plain, lines):
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
    assert re.fullmatch(r"GET …/async/77 → no answer, \d+ ms", plain()[-1][0])
    assert {line["correlationId"] for line in lines()} == {"flow"}
    assert [line.get("asyncRequestId") for line in lines()] == [None, "77", None, "77"]
    assert len({line["requestId"] for line in lines()}) == 4


def test_calls_of_one_client_are_joined_without_a_flow(requests_mock, settings, lines):
    requests_mock.get("https://tms.test/web/api2/v1/auth/whoAmI", json={"user": {}})
    client = TmsClient(PhraseSession(settings, settings.tms_url))
    client.users.who_am_i()
    client.users.who_am_i()
    assert len({line["correlationId"] for line in lines()}) == 1
