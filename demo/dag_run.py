"""
Runs an example DAG once in this process and reports each step to the process that started it.

It is given a file descriptor to write JSON lines to, the id of the DAG, and its params as one JSON object.
Its last line is `{"state": ..., "result": ...}`, the result being what the DAG's last task returned.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from airflow.dag_processing.dagbag import DagBag
from airflow.listeners import hookimpl
from airflow.sdk.listener import get_listener_manager

from demo.airflow_home import ROOT

Report = Callable[[dict[str, Any]], None]


class Progress:
    """An Airflow listener that reports each task that ends."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def _ended(self, task_instance: Any, state: str) -> None:
        label = getattr(task_instance, "rendered_map_index", None) or task_instance.map_index
        self._report({"task": task_instance.task_id, "label": None if label == -1 else label, "state": state})

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        self._ended(task_instance, "success")

    @hookimpl
    def on_task_instance_skipped(self, previous_state: Any, task_instance: Any) -> None:
        self._ended(task_instance, "skipped")

    @hookimpl
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        self._ended(task_instance, "failed")


def main(dag_id: str, params: dict[str, Any], report: Report) -> None:
    get_listener_manager().add_listener(Progress(report))  # type: ignore[no-untyped-call]
    bag = DagBag(ROOT / "dags")
    if bag.import_errors:
        raise SystemExit("\n".join(bag.import_errors.values()))
    dag = bag.dags[dag_id]
    run = dag.test(run_conf=params, logical_date=datetime.now(UTC))
    (task,) = [leaf for leaf in dag.leaves if leaf.task_id.endswith("report")]
    last = run.get_task_instance(task.task_id)
    report({"state": str(run.state), "result": last.xcom_pull(task_ids=task.task_id) if last else None})


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[1]), "w", buffering=1, encoding="utf-8") as pipe:
        main(sys.argv[2], json.loads(sys.argv[3]), lambda event: print(json.dumps(event), file=pipe))
