"""`make demo`, stopped half way: the whole of it runs in `.ci/run`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytest.importorskip("airflow.sdk.listener", reason="the demo's progress needs Airflow 3.2")

ROOT = Path(__file__).parents[2]


@pytest.mark.airflow
def test_an_interrupted_demo_leaves_nothing_running():
    demo = subprocess.Popen([sys.executable, "-m", "demo.run"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in demo.stdout:
        if line.startswith("Translating"):
            break
    children = psutil.Process(demo.pid).children(recursive=True)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(timeout=30) == 128 + signal.SIGINT
    assert children
    assert [child for child in children if child.is_running()] == []
