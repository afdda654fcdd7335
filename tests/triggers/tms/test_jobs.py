"""What happens to jobs when the task that waits for them is ended: decided by Airflow's own triggerer."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from uuid import uuid4

import pytest
from airflow.triggers.base import BaseTrigger
from task_runs import rebuilt

from phrase_provider.triggers.tms.jobs import PhraseTmsJobStatusTrigger

pytestmark = pytest.mark.skipif(
    not hasattr(BaseTrigger, "on_kill"), reason="Airflow 3.3 is the first to tell triggers of a kill"
)
SET = {"method": "POST", "path": "/setStatus$"}


class Supervisor:
    """Answers what a trigger may ask of its triggerer: here, the state of its task."""

    def __init__(self, states, seconds) -> None:
        self.states, self.seconds = states, seconds

    def send(self, msg):
        from airflow.sdk.execution_time.comms import TaskStatesResult

        time.sleep(self.seconds)
        assert (msg.dag_id, msg.task_ids, msg.run_ids) == ("flow", ["wait"], ["run"])
        return TaskStatesResult(task_states={"run": self.states} if self.states else {})


@pytest.fixture
def jobs(phrase):
    project_uid, uids = phrase.jobs("de", "pt_br")
    phrase.simulator.job(uids[0], "complete")
    phrase.forget()
    return {"project_uid": project_uid, "job_uids": uids}


@pytest.fixture
def end(jobs, monkeypatch):
    """Lets a trigger run, in Airflow's runner of triggers, and cancels it as Airflow would."""
    from airflow.jobs import triggerer_job_runner
    from airflow.sdk.execution_time import task_runner

    def cancel(states, *, by_person=True, map_index=-1, answers_in=0.0, **arguments):
        monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", Supervisor(states, answers_in), raising=False)
        trigger = rebuilt(PhraseTmsJobStatusTrigger(phrase_conn_id="phrase_default", **{**jobs, **arguments}))
        trigger.task_instance = SimpleNamespace(
            id=uuid4(),
            dag_id="flow",
            task_id="wait",
            run_id="run",
            map_index=map_index,
            try_number=1,
            context_carrier=None,
        )
        message = [triggerer_job_runner._USER_ACTION_CANCEL_MSG] if by_person else []

        async def run():
            runner = triggerer_job_runner.TriggerRunner()
            runner.triggers[1] = {"name": "wait"}
            task = asyncio.create_task(runner.run_trigger(1, trigger))
            await asyncio.sleep(0.3)
            while not task.done():
                # Again and again, as Airflow does until the trigger has ended.
                task.cancel(*message)
                await asyncio.sleep(0.2)
            await asyncio.sleep(answers_in)

        asyncio.run(run())

    return cancel


@pytest.mark.parametrize("state", ["failed", "success", "skipped"])
def test_task_that_a_person_ends_cancels_its_open_jobs(phrase, jobs, end, state):
    end({"wait": state}, cancel_on_kill=True)
    assert [phrase.status(jobs["project_uid"], uid) for uid in jobs["job_uids"]] == ["COMPLETED", "CANCELLED"]
    (sent,) = phrase.sent(**SET)
    assert jobs["job_uids"][1] in sent["path"]


def test_triggerer_that_is_slow_to_tell_the_state_cancels_all_the_same(phrase, end):
    end({"wait": "failed"}, cancel_on_kill=True, answers_in=1.0)
    assert len(phrase.sent(**SET)) == 1


def test_mapped_task(phrase, end):
    end({"wait_3": "failed", "wait": "deferred"}, map_index=3, cancel_on_kill=True)
    assert len(phrase.sent(**SET)) == 1


def test_nothing_is_cancelled_unless_asked_for(phrase, end):
    end({"wait": "failed"})
    assert phrase.sent(**SET) == []


@pytest.mark.parametrize("state", ["deferred", "queued", "scheduled", "running", "up_for_retry", None])
def test_task_that_goes_on_cancels_nothing(phrase, end, state):
    # Cleared, woken by something else, or given to another triggerer: Airflow calls all of that a kill.
    end({"wait": state}, cancel_on_kill=True)
    assert phrase.sent(**SET) == []


def test_task_that_is_gone_cancels_nothing(phrase, end):
    end({}, cancel_on_kill=True)
    assert phrase.sent(**SET) == []


def test_triggerer_that_ends_or_starts_again_cancels_nothing(phrase, end):
    end({"wait": "failed"}, by_person=False, cancel_on_kill=True)
    assert phrase.sent(**SET) == []


def test_payload_of_an_older_version_cancels_nothing(jobs):
    trigger = PhraseTmsJobStatusTrigger(phrase_conn_id="phrase_default", **jobs)
    _, kwargs = trigger.serialize()
    del kwargs["cancel_on_kill"]
    assert PhraseTmsJobStatusTrigger(**kwargs).cancel_on_kill is False
