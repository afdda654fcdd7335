"""
A DAG, run once in a fresh process: `python -m benchmarks.continuous.dag_run` with JSON on its input.

The input is `{"dag_id": ..., "params": ..., "warm_up": ...}`, the latter params of a run before, which is
not measured: it loads what is loaded at first use. What was found is a line of the output.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import psutil
from airflow.dag_processing.dagbag import DagBag
from airflow.listeners import hookimpl
from airflow.sdk.listener import get_listener_manager

from benchmarks.continuous import MARK
from demo.airflow_home import ROOT

if TYPE_CHECKING:
    from airflow.sdk import DAG

MIB = 1 << 20
#: Seconds between two looks at the memory of the process.
_TICK = 0.02


class Starts:
    """Counts how often each task began to run: once, and once more each time it was resumed."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()

    @hookimpl
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        self.of[task_instance.task_id] += 1


class PeakMemory:
    """The most memory of the process above what it had at first, as long as the context lasts, in bytes."""

    def __enter__(self) -> Self:
        gc.collect()
        self._process = psutil.Process()
        self._base = self._process.memory_info().rss
        self.grown = 0
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._over.wait(_TICK):
            self.grown = max(self.grown, self._process.memory_info().rss - self._base)


def measure(dag: DAG, params: dict[str, Any], starts: Starts) -> dict[str, Any]:
    """
    Run a DAG.

    :return: state of the run, seconds, ``{task: how often it began}``, task instances, bytes of the largest
        XCom and of the peak memory above the base.
    """
    starts.of.clear()
    began = time.monotonic()
    with PeakMemory() as memory:
        run = dag.test(run_conf=params, logical_date=datetime.now(UTC))
    return {
        "state": str(run.state),
        "seconds": time.monotonic() - began,
        "starts": dict(starts.of),
        "tasks": len(run.get_task_instances()),
        "states": dict(Counter(str(ti.state) for ti in run.get_task_instances())),
        "xcom": _largest_xcom(run),
        "memory": memory.grown / MIB,
    }


def _largest_xcom(run: Any) -> int:
    from airflow import settings
    from airflow.models.xcom import XComModel  # noqa: TID251 - what Airflow kept, not what a provider does

    session: Any = settings.Session
    rows = session().query(XComModel).filter_by(dag_id=run.dag_id, run_id=run.run_id)
    return max((len(json.dumps(row.value)) for row in rows), default=0)


def main() -> None:
    told = json.load(sys.stdin)
    starts = Starts()
    get_listener_manager().add_listener(starts)  # type: ignore[no-untyped-call]
    bag = DagBag(ROOT / "dags")
    if bag.import_errors:
        raise SystemExit("\n".join(bag.import_errors.values()))
    dag = bag.dags[told["dag_id"]]
    if told.get("warm_up"):
        measure(dag, told["warm_up"], starts)
    print(f"\n{MARK}{json.dumps(measure(dag, told['params'], starts))}", flush=True)


if __name__ == "__main__":
    main()
