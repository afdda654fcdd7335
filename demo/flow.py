"""One run of an example DAG, in a process of its own, as a stream of steps."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabulate import tabulate

from demo.airflow_home import DAG_ID, ROOT
from demo.processes import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.airflow_home import AirflowHome

#: `{source, target_lang, language, job_uid, status, target_path, seconds}`, a row of the delivery report.
Row = dict[str, Any]


@dataclass(slots=True)
class Flow:
    """
    A run of a DAG; `state` and `result` are known when :meth:`steps` has ended.

    :param home: the Airflow to run it in.
    :param params: the DAG's params.
    :param log: gets Airflow's log.
    :param dag_id: of the DAG.
    :param result: what its last task returned.
    """

    home: AirflowHome
    params: dict[str, Any]
    log: Path
    dag_id: str = DAG_ID
    state: str = "unfinished"
    result: Any = None

    @property
    def rows(self) -> list[Row]:
        """The rows of the delivery report."""
        return self.result or []

    def steps(self, tick: float = 2) -> Iterator[str | None]:
        """
        Run, and yield a line for each task that ended.

        :param tick: seconds without a step after which None is yielded.
        """
        started = time.monotonic()
        for event in self._events(tick):
            if event is None:
                yield None
            elif "task" in event:
                yield f"{time.monotonic() - started:6.1f} s  {event['state']:<8} {_name(event)}"
            else:
                self.state, self.result = event["state"], event["result"]

    def _events(self, tick: float) -> Iterator[dict[str, Any] | None]:
        ours, theirs = os.pipe()
        command = [sys.executable, "-m", "demo.dag_run", str(theirs), self.dag_id, json.dumps(self.params)]
        environment = {**self.home.environment(), "PYTHONPATH": str(ROOT)}
        with running(command, env=environment, log=self.log, pass_fds=[theirs]) as process:
            os.close(theirs)
            yield from _lines(ours, tick)
            process.wait()

    def table(self) -> str:
        """The report as text."""
        columns = ("source", "target_lang", "job_uid", "status", "target_path", "seconds")
        cells = [[_short(row[column]) for column in columns] for row in self.rows]
        return tabulate(cells, ("source", "language", "job uid", *columns[3:]), floatfmt=".1f")


def _lines(descriptor: int, tick: float) -> Iterator[dict[str, Any] | None]:
    """Decode JSON lines until the writing end is closed; None whenever there is none for `tick` seconds."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        with os.fdopen(descriptor, encoding="utf-8") as pipe:
            for line in pipe:
                lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=tick)
        except queue.Empty:
            yield None
            continue
        if not line:
            return
        yield json.loads(line)


def _name(event: dict[str, Any]) -> str:
    return event["task"] if event["label"] is None else f"{event['task']} [{event['label']}]"


def _short(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(f"{Path.cwd()}/"):
        return value.removeprefix(f"{Path.cwd()}/")
    return value
