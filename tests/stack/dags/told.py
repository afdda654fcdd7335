"""Where a task's process is, told through files, so that a test can kill it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any


def before(context: Any) -> None:
    """Tell the process's id when the task begins; hold the first try there if its run says so."""
    _tell(context, "before")


def after(context: Any, result: Any = None) -> None:
    """The same when the task's work is done and its result is not stored yet."""
    _tell(context, "after")


def _tell(context: Any, point: str) -> None:
    ti, conf = context["ti"], context["dag_run"].conf
    told = Path(conf["folder"]) / f"{ti.task_id}.{ti.map_index}.{point}.{ti.try_number}"
    # Renamed into place, so that whoever sees it can read it.
    written = told.with_suffix(".writing")
    written.write_text(f"{os.getpid()} {os.getppid()}")
    written.rename(told)
    if conf.get("hold") == point and ti.try_number == 1:
        time.sleep(300)
