"""`make airflow`: it says where it is, it works there, and it leaves nothing behind."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from airflow_api import AirflowApi

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def standalone() -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "demo.standalone", "--port", "0", "--phrase-port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    greeting = ""
    try:
        for line in process.stdout:
            greeting += line
            if line.startswith("Ctrl-C"):
                break
        yield process, greeting
    finally:
        process.terminate()
        process.wait(timeout=60)


def test_the_dag_delivers_what_the_greeting_tells(standalone):
    _, greeting = standalone
    url = re.search(r"^Airflow\s+(\S+)\s+login admin / admin$", greeting, flags=re.MULTILINE)[1]
    source = re.search(r"source (\S+)$", greeting, flags=re.MULTILINE)[1]
    target = Path(re.search(r"target folder (\S+)$", greeting, flags=re.MULTILINE)[1])
    conf = {
        "source": source,
        "template": "Translation",
        "target_langs": ["de"],
        "batch_id": "standalone-1",
        "target_folder": str(target),
    }
    assert AirflowApi(url).run_dag(conf) == "success"
    samples = {path.name for path in Path(ROOT / "demo/samples").rglob("*") if path.is_file()}
    assert {path.name for path in target.rglob("*") if path.is_file()} == samples


def test_ctrl_c_stops_everything(standalone):
    process, _ = standalone
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 128 + signal.SIGINT
    assert len(children) > 4
    assert [child for child in children if child.is_running()] == []
