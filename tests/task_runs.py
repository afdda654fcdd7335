"""Runs operators and sensors as a worker and a triggerer would, without Airflow's database."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from airflow.exceptions import AirflowRescheduleException
from airflow.providers.common.compat.sdk import TaskDeferred

POKE, RESCHEDULE, DEFERRED = MODES = ("poke", "reschedule", "deferred")


class TaskInstance:
    """The part of Airflow's task instance that tasks of this provider use."""

    dag_id, task_id, map_index = "dag", "task", -1
    max_tries = 0
    try_number = 1
    task = SimpleNamespace(retries=0)

    def __init__(self) -> None:
        self.run_id = uuid4().hex
        self.started = datetime.now(UTC)
        self.xcoms: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.xcoms[key] = json.loads(json.dumps(value))

    def get_first_reschedule_date(self, _: Any) -> datetime:
        return self.started


def context() -> dict[str, Any]:
    """Make the context of a task that starts now."""
    return {"ti": TaskInstance(), "dag_run": SimpleNamespace(start_date=datetime.now(UTC))}


def rebuilt(trigger: Any) -> Any:
    """Make a trigger anew from what Airflow stores of it, as the triggerer does."""
    path, kwargs = trigger.serialize()
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)(**json.loads(json.dumps(kwargs)))


def event_of(trigger: Any) -> dict[str, Any]:
    """Run a trigger in a loop of its own until it fires; gives its payload, as it arrives at the task."""

    async def fire() -> Any:
        events = [event.payload async for event in trigger.run()]
        assert len(events) == 1
        return events[0]

    return json.loads(json.dumps(asyncio.run(fire())))


def run(
    make: Callable[..., Any], mode: str = POKE, told: dict[str, Any] | None = None, **arguments: Any
) -> Any:
    """
    Run a sensor or operator to its end, a new one for each time that Airflow would start a process.

    :param make: its class.
    :param mode: one of :data:`MODES`; operators know no `reschedule`.
    :param told: the context, for a look at it afterwards.
    :param arguments: of the class.
    """
    extra = {"mode": mode} if mode == RESCHEDULE else {"deferrable": mode == DEFERRED}
    told = told or context()

    def task() -> Any:
        return make(task_id="task", **extra, **arguments)

    step = task().execute
    while True:
        try:
            return step(told)
        except TaskDeferred as deferred:
            event = event_of(rebuilt(deferred.trigger))
            step = _resumed(task(), deferred.method_name, event)
        except AirflowRescheduleException:
            time.sleep(0.02)
            step = task().execute


def _resumed(task: Any, method: str, event: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda told: getattr(task, method)(told, event)
