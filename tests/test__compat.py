"""What is the same for every Airflow version: states, connections and retention."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import airflow
import pytest
from packaging.version import Version

from phrase_provider import _compat
from phrase_provider.exceptions import PhraseConnectionError
from phrase_provider.hooks.phrase import PhraseHook

AIRFLOW = Version(airflow.__version__)


def test_what_airflow_has_is_told_by_its_version():
    assert _compat.HAS_RETRY_POLICY is (Version("3.3.0.dev0") <= AIRFLOW)
    assert _compat.MASKS_IN_TRIGGERER is (Version("3.2.0.dev0") <= AIRFLOW)


def test_a_retry_policy_can_be_written_in_every_version():
    assert isinstance(type("Policy", (_compat.RetryPolicy,), {}), type)


def test_state_is_kept_for_as_long_as_a_time_can_be():
    assert _compat.never_expire() == timedelta.max


@pytest.fixture
def states(monkeypatch):
    """Lets a test say what Airflow answers a trigger that asks for the states of its task."""
    from airflow.sdk.execution_time import task_runner
    from airflow.sdk.execution_time.comms import TaskStatesResult

    def answer(states):
        asked = []

        def send(message):
            asked.append(message)
            return TaskStatesResult(task_states=states)

        monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", SimpleNamespace(send=send), raising=False)
        return asked

    return answer


@pytest.mark.parametrize(
    ("map_index", "state"), [(-1, "deferred"), (None, "deferred"), (0, "failed"), (12, "success"), (3, None)]
)
def test_state_is_that_of_the_task_instance_alone(states, map_index, state):
    asked = states({"run": {"wait": "deferred", "wait_0": "failed", "wait_12": "success"}})
    ti = SimpleNamespace(dag_id="flow", task_id="wait", run_id="run", map_index=map_index)
    assert asyncio.run(_compat.atask_state(ti)) == state
    (message,) = asked
    assert (message.dag_id, message.task_ids, message.run_ids) == ("flow", ["wait"], ["run"])
    assert message.map_index == map_index


def test_task_instance_of_a_run_that_is_gone_has_no_state(states):
    states({})
    ti = SimpleNamespace(dag_id="flow", task_id="wait", run_id="run", map_index=-1)
    assert asyncio.run(_compat.atask_state(ti)) is None


def test_connection_is_read_from_an_event_loop(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_COMPAT", '{"conn_type": "phrase", "password": "token"}')
    connection = asyncio.run(_compat.aget_connection(PhraseHook("phrase_compat")))
    assert (connection.conn_id, connection.password) == ("phrase_compat", "token")


def test_connection_that_does_not_exist_is_named():
    with pytest.raises(PhraseConnectionError, match="no Airflow connection 'nowhere'"):
        asyncio.run(_compat.aget_connection(PhraseHook("nowhere")))
