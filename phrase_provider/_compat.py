"""What differs between the Airflow versions and runners that this provider serves, in one place."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow import __version__ as airflow_version

try:
    from airflow.sdk import RetryDecision, RetryPolicy
except ImportError:  # before Airflow 3.3, which asks no policy
    RetryDecision, RetryPolicy = Any, object  # type: ignore[misc, assignment]

#: Whether tasks can have a retry policy (Airflow 3.3).
HAS_RETRY_POLICY = RetryPolicy is not object

#: Before Airflow 3.2 a thread of the triggerer that masks a secret breaks the talk with its supervisor.
MASKS_IN_TRIGGERER = tuple(int(number) for number in airflow_version.split(".")[:2]) >= (3, 2)

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from phrase_provider.hooks.phrase import PhraseHook

__all__ = [
    "HAS_RETRY_POLICY",
    "MASKS_IN_TRIGGERER",
    "RetryDecision",
    "RetryPolicy",
    "aget_connection",
    "atask_state",
    "never_expire",
]


def never_expire() -> timedelta:
    """Return the retention of task state that is kept as long as its run (Airflow 3.3; before, for tests)."""
    try:
        from airflow.sdk.execution_time.context import NEVER_EXPIRE
    except ImportError:
        return timedelta.max
    return NEVER_EXPIRE


async def atask_state(ti: Any) -> str | None:
    """
    Read from a trigger which state its task instance is in now.

    :param ti: task instance, as the triggerer tells the trigger.
    :return: None when it was cleared, or is gone.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    from asgiref.sync import sync_to_async

    states = await sync_to_async(RuntimeTaskInstance.get_task_states)(
        dag_id=ti.dag_id, task_ids=[ti.task_id], run_ids=[ti.run_id], map_index=ti.map_index
    )
    name = ti.task_id if ti.map_index is None or ti.map_index < 0 else f"{ti.task_id}_{ti.map_index}"
    state: str | None = states.get(ti.run_id, {}).get(name)
    return state


async def aget_connection(hook: PhraseHook) -> Connection:
    """
    Read a hook's connection from an event loop.

    :param hook: names the connection.
    :raises PhraseConnectionError: it does not exist.
    """
    from airflow.providers.common.compat.connection import get_async_connection
    from airflow.providers.common.compat.sdk import AirflowNotFoundException

    try:
        return await get_async_connection(hook.phrase_conn_id, hook)
    except AirflowNotFoundException:
        # dag.test() has no asynchronous way to connections in the database, only the other one.
        return await asyncio.to_thread(hook.require_connection)
