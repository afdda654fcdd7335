"""
Runs DAGs whenever it is told, in one process, since Airflow takes long to start.

Each line of its input is `{"file": ..., "params": ..., "deferrable": ...}`, and is answered on the file
descriptor it was given with `{"state": ..., "tasks": {...}, "xcoms": {...}}`, names being
`task_id[map_index]`.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

DAG_FILE = Path(__file__).parents[2] / "dags/phrase_tms_import_to_delivered.py"


def load_dag(file: Path = DAG_FILE) -> Any:
    spec = spec_from_file_location(file.stem, file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    # What a decorated function returned stands for its task.
    tasks = (getattr(found, "operator", found) for found in vars(module).values())
    return next(task.dag for task in tasks if hasattr(task, "task_id"))


def run(dag: Any, params: dict[str, Any], deferrable: bool) -> dict[str, Any]:
    for task in dag.tasks:
        task.retries = 0
        if hasattr(task, "deferrable"):
            task.deferrable = deferrable
    ended = dag.test(run_conf=params, logical_date=datetime.now(UTC))
    return {"state": str(ended.state), "tasks": _tasks(ended), "xcoms": _xcoms(ended)}


def _tasks(ended: Any) -> dict[str, str]:
    return {_name(ti): str(ti.state) for ti in ended.get_task_instances()}


def _xcoms(ended: Any) -> dict[str, dict[str, Any]]:
    from airflow import settings
    from airflow.models.xcom import XComModel  # noqa: TID251 - what Airflow kept, not what a provider does

    xcoms: dict[str, dict[str, Any]] = {}
    for row in settings.Session().query(XComModel).filter_by(dag_id=ended.dag_id, run_id=ended.run_id):
        xcoms.setdefault(_name(row), {})[row.key] = XComModel.deserialize_value(row)
    return xcoms


def _name(row: Any) -> str:
    return row.task_id if row.map_index < 0 else f"{row.task_id}[{row.map_index}]"


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[1]), "w", buffering=1) as answers:
        for line in sys.stdin:
            told = json.loads(line)
            print(json.dumps(run(load_dag(Path(told.pop("file"))), **told)), file=answers)
