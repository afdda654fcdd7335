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
    told = dict(re.findall(r"^ {12}(\S.*?) {2,}(\S.*)$", greeting, flags=re.MULTILINE))
    target = Path(told["Target folder"])
    langs = told["Target languages"].removesuffix(", one a line").split(", ")
    conf = {
        "source": told["Source files"],
        "template": told["Project template"],
        "target_langs": langs,
        "batch_id": told["Batch id"],
        "target_folder": str(target),
    }
    api = AirflowApi(url)
    assert api.press_test_button("phrase_default")["status"]
    assert api.run_dag(conf) == "success"
    samples = {path.name for path in Path(ROOT / "demo/samples").rglob("*") if path.is_file()}
    for lang in langs:
        assert {path.name for path in (target / lang).rglob("*") if path.is_file()} == samples


def test_airflow_and_phrase_listen_on_this_machine_alone(standalone):
    process, greeting = standalone
    ports = {int(port) for port in re.findall(r"^\w+\s+http://[\w.]+:(\d+)", greeting, flags=re.MULTILINE)}
    assert len(ports) == 2
    children = psutil.Process(process.pid).children(recursive=True)
    listening = {
        connection.laddr.ip
        for child in children
        for connection in child.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in ports
    }
    assert listening == {"127.0.0.1"}


def test_ctrl_c_stops_everything(standalone):
    process, _ = standalone
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 128 + signal.SIGINT
    assert len(children) > 4
    assert [child for child in children if child.is_running()] == []
