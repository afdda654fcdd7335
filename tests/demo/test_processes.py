"""Nothing that the demo starts outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from demo.processes import running, session_members

ROOT = Path(__file__).parents[2]

#: A process that ignores SIGTERM, and one that left its parent's process group, as Airflow's tasks do.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "300"], process_group=0)
print("up", flush=True)
time.sleep(300)
"""

PROGRAM = """
import sys
from pathlib import Path
from demo.processes import running, stop_on_signals
stop_on_signals()
with running(["sleep", "300"], env={}, log=Path(sys.argv[1])) as child:
    print(child.pid, flush=True)
    child.wait()
"""


def _wait_for(log: Path, text: str) -> None:
    give_up = time.monotonic() + 10
    while text not in log.read_text():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_the_whole_session_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("demo.processes.GRACE", 0.2)
    log = tmp_path / "logs" / "child.log"
    with running([sys.executable, "-c", STUBBORN], env=dict(os.environ), log=log) as child:
        _wait_for(log, "up")
        assert len(list(session_members(child.pid))) == 2
    assert list(session_members(child.pid)) == []
    assert child.returncode == -signal.SIGKILL


def test_it_is_stopped_when_the_block_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), running(["sleep", "300"], env={}, log=tmp_path / "log") as child:
        raise ZeroDivisionError
    assert not psutil.pid_exists(child.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_program_and_its_children(tmp_path, number):
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, tmp_path / "log"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = int(program.stdout.readline())
    program.send_signal(number)
    assert program.wait(timeout=10) == 128 + number
    assert not psutil.pid_exists(child)
