"""What the log of a task shows: short lines for people, and fields behind them for machines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from airflow import __version__ as airflow_version

#: Of this line, Airflow writes no names of loggers, and dag.test() runs only what its database knows.
IS_3_1 = airflow_version.startswith("3.1.")

#: Runs a task as the process of a worker does, or of the triggerer: Airflow sets up logging as JSON lines.
PROGRAM = """
import asyncio, sys
from airflow.sdk.log import configure_logging
configure_logging(json_output=True, output=open(sys.argv[1], "wb", buffering=0))
{body}
"""
WORKER = """
from phrase_provider.hooks.tms import PhraseTmsHook
PhraseTmsHook().client.users.who_am_i()
"""
TRIGGERER = """
from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger
async def fire():
    trigger = PhraseTmsAsyncRequestTrigger(
        async_request_id="77", phrase_conn_id="phrase_default", poke_interval=0.1, deadline=1.0
    )
    return [event async for event in trigger.run()]
asyncio.run(fire())
"""


@pytest.fixture
def written(tmp_path, simulator):
    """Runs a program; gives the lines of its log."""

    def run(body):
        file = tmp_path / "task.log"
        environment = {
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW_CONN_PHRASE_DEFAULT": simulator.airflow_connection(),
            "AIRFLOW_CTX_DAG_ID": "my_dag",
            "AIRFLOW_CTX_DAG_RUN_ID": "my_run",
            "HOME": str(tmp_path),
            "TMPDIR": str(tmp_path),
        }
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(body=body), str(file)], env=environment, check=True
        )
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    return run


@pytest.mark.parametrize(
    ("body", "text", "fields"),
    [
        (WORKER, r"GET …/auth/whoAmI → 200, \d+ ms", {"correlationId": "my_dag/my_run", "statusCode": 200}),
        (
            TRIGGERER,
            r"GET …/async/77 → 404, \d+ ms",
            {"correlationId": "hub/phrase_default", "statusCode": 404, "asyncRequestId": "77"},
        ),
    ],
    ids=["worker", "triggerer"],
)
def test_lines_are_short_and_have_the_fields_of_the_guide(written, body, text, fields):
    (line,) = [line for line in written(body) if re.fullmatch(text, line["event"])]
    assert fields.items() <= line.items()
    assert {"method", "endpoint", "durationMs", "requestId", "pluginInstanceId", "actionId"} <= set(line)
    # These stay Airflow's.
    assert datetime.now(UTC) - datetime.fromisoformat(line["timestamp"]) < timedelta(minutes=5)
    assert line["level"] == "info"
    assert IS_3_1 or line["logger"] == "phrase_provider.api.call_log"


DAG_FILE = """
from airflow.sdk import DAG
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor

# An id that Airflow knows: it reads the DAGs of this repository.
with DAG("phrase_tms_quickstart", schedule=None) as dag:
    plan = PhrasePlanOperator(
        task_id="plan", source="/nowhere/*.md", target_langs="de", target_folder="/tmp/out"
    )
    PhraseTmsCreateProjectFromTemplateOperator(
        task_id="project", template="No such template", batch_id="b", target_langs="de"
    )
    PhraseTmsAsyncRequestSensor(task_id="unknown", async_request_id="999999")
    PhraseTmsAsyncRequestSensor(task_id="late", async_request_id="12345", timeout=0.5)
"""


@pytest.fixture(scope="module")
def failures(runner, simulator, tmp_path_factory):
    """The log of a run in which each task fails, without colours."""
    if IS_3_1:
        pytest.skip("dag.test() of Airflow 3.1 does not run a DAG that its database does not know")
    file = tmp_path_factory.mktemp("dags") / "failures.py"
    file.write_text(DAG_FILE, encoding="utf-8")
    running = {"id": "12345", "action": "EXPORT_COMPLETE_FILE", "asyncResponse": None}
    simulator.fault(path="/async/12345$", status=200, body=running, times=None)
    before = len(runner.log())
    runner.run({}, file=file)
    simulator.clear_faults()
    return runner.log()[before:]


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        ("PhraseInputError", "nothing matches /nowhere/*.md.", "Check the glob"),
        ("PhraseInputError", "No project template has the name or uid 'No such", "Check the spelling"),
        ("PhraseNotFoundError", "Phrase says: Async request 999999 was not found.", "Check the uid"),
        (
            "AirflowSensorTimeout",
            "Last seen: async request 12345 (EXPORT_COMPLETE_FILE)",
            "Raise the timeout",
        ),
    ],
    ids=["operator without connection", "operator", "first look", "resumed"],
)
def test_cause_and_remedy_are_a_line_before_the_traceback(failures, error, cause, remedy):
    lines = failures.splitlines()
    (told,) = [
        number for number, line in enumerate(lines) if cause in line and f"What to do: {remedy}" in line
    ]
    assert "[error" in lines[told]
    assert "Task failed with exception" in lines[told + 1]
    after = lines[told + 2 :]
    end = next(number for number, line in enumerate(after) if "::group::Post Execute" in line)
    assert any(f"{error}: " in line for line in after[:end])


def test_dag_test_shows_short_lines(failures):
    lines = [line for line in failures.splitlines() if "[phrase_provider.api.call_log]" in line]
    assert lines
    shown = [re.sub(r"^\S+ \[info +\] ", "", line) for line in lines]
    assert all(re.match(r"(GET|POST) (…|/idm)/\S[^{}]* → \d+, \d+ ms +\[phrase", line) for line in shown)
    assert any("correlationId=phrase_tms_quickstart/" in line and "statusCode=404" in line for line in shown)
