"""DAGs on a throwaway Airflow, beside a local Phrase."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Self

from run_dag import DAG_FILE

from demo.airflow_home import ROOT, AirflowHome


class DagRunner:
    """
    A process that runs DAGs, one run after another; a context manager that ends it.

    :param home: Airflow's home, with its database.
    :param log: gets Airflow's log.
    """

    def __init__(self, home: AirflowHome, log: Path) -> None:
        self._home = home
        self._log = log

    def __enter__(self) -> Self:
        answers, theirs = os.pipe()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("run_dag.py"), str(theirs)],
                env={**self._home.environment(), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs],
                text=True,
            )
        os.close(theirs)
        self._answers: IO[str] = os.fdopen(answers)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def log(self) -> str:
        """Give Airflow's log so far."""
        return self._log.read_text(encoding="utf-8")

    def run(
        self, params: dict[str, Any], *, file: Path = DAG_FILE, deferrable: bool = True
    ) -> dict[str, Any]:
        """Run the DAG of a file to its end; see :mod:`run_dag` for what is given back."""
        told = {"file": str(file), "params": params, "deferrable": deferrable}
        print(json.dumps(told), file=self._process.stdin, flush=True)
        answer = self._answers.readline()
        assert answer, f"the DAG's process has ended:\n{self.log()[-4000:]}"
        return json.loads(answer)
