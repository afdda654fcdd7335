"""A task in a process of its own, its state in files, that holds still at a chosen point to be killed."""

from __future__ import annotations

import json
import multiprocessing
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from task_runs import context

_fork = multiprocessing.get_context("fork")


class FileStore:
    """
    A state store that outlives its process, as Airflow's does.

    :param folder: holds a file for each key.
    :param hold: when to hold still for ever: ``before`` or ``after`` writing an entry with a state, such as
        ``after pending``.
    """

    def __init__(self, folder: Path, hold: str = "") -> None:
        self._folder = folder
        self._hold = hold

    def get(self, key: str) -> Any:
        file = self._folder / quote(key, safe="")
        return json.loads(file.read_text()) if file.exists() else None

    def set(self, key: str, value: Any, *, retention: Any = None) -> None:
        self._reach(key, f"before {value['state']}")
        (self._folder / quote(key, safe="")).write_text(json.dumps(value))
        self._reach(key, f"after {value['state']}")

    def _reach(self, key: str, point: str) -> None:
        # What is kept before the task does anything is no deed.
        if point == self._hold and key != "phrase.first_max_tries":
            (self._folder / "held").touch()
            signal.pause()


class TaskRun:
    """
    One task of one DAG run, tried again and again.

    :param folder: of the state.
    :param make: makes the operator, as a worker does for each try.
    :param stored: whether there is a state store, as since Airflow 3.3.
    """

    def __init__(self, folder: Path, make: Callable[[], Any], *, stored: bool = True) -> None:
        folder.mkdir()
        self.folder = folder
        self._make = make
        self.stored = stored
        self.context = context()
        self.context["ti"].run_id = folder.name

    def kill_when(self, reached: Callable[[], object] | None = None, hold: str = "") -> None:
        """
        Try it, and kill the process with SIGKILL.

        :param reached: tells that it is where it is to be killed; default: it holds still.
        :param hold: see :class:`FileStore`.
        """
        held = self.folder / "held"
        process = _fork.Process(target=self.run, args=(hold,))
        process.start()
        give_up = time.monotonic() + 60
        while not (reached or held.exists)():
            assert process.is_alive(), "the task ended by itself"
            assert time.monotonic() < give_up, "the task did not get there"
            time.sleep(0.01)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        held.unlink(missing_ok=True)

    def clear(self) -> None:
        """Do what a person does who clears the task: Airflow then allows as many tries more."""
        self.context["ti"].max_tries += 1

    def run(self, hold: str = "") -> Any:
        """Try it in this process; gives its result."""
        if self.stored:
            self.context["task_state_store"] = FileStore(self.folder, hold)
        return json.loads(json.dumps(self._make().execute(self.context)))
