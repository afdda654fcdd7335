"""The example DAG for content that never ends, as it is, whose tasks tell where their processes are."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from airflow.sdk import DAG
from told import after, before

FILE = Path(__file__).parents[3] / "dags/phrase_tms_continuous.py"

spec: Any = spec_from_file_location("continuous_example", FILE)
module = module_from_spec(spec)
spec.loader.exec_module(module)

dag: DAG = module.dag
for task in dag.tasks:
    task.pre_execute, task.post_execute = before, after
    # More than a person would give them, since they are killed again and again.
    task.retries, task.retry_delay, task.max_retry_delay = 60, timedelta(seconds=1), timedelta(seconds=5)
