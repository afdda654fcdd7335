from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess

ROOT = Path(__file__).parents[2]


def start(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "phrase_provider.simulator", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_line_when_ready_and_a_clean_stop(number):
    began = time.monotonic()
    process = start("--port", "0")
    line = process.stdout.readline()
    assert line.startswith("Phrase simulator ready at http://127.0.0.1:")
    assert time.monotonic() - began < 60
    process.send_signal(number)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def test_stop_does_not_wait_for_hanging_requests(connect):
    import requests

    with SimulatorProcess() as simulator:
        phrase = connect(simulator)
        simulator.fault(hang=True)
        with pytest.raises(requests.ReadTimeout):
            phrase.http.get(f"{simulator.tms_url}/api2/v1/projects", timeout=0.1)
        began = time.monotonic()
    # Else it would be killed after 30 s.
    assert time.monotonic() - began < 25


def test_taken_port_is_an_error_of_one_line(simulator):
    port = simulator.url.rpartition(":")[2]
    process = start("--port", port)
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, len(complaint.splitlines())) == (2, 1)
    assert f"127.0.0.1:{port}" in complaint


def test_access_log_that_cannot_be_written_is_an_error_of_one_line(tmp_path):
    process = start("--port", "0", "--access-log", str(tmp_path / "missing" / "log"))
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, len(complaint.splitlines())) == (2, 1)


@pytest.mark.parametrize("setting", ["colour=1", "job_parts=5", "job_parts", "job_parts=yes"])
def test_wrong_settings_are_refused(setting):
    process = start("--port", "0", "--set", setting)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 2
    assert setting.partition("=")[0] in complaint.splitlines()[-1]


def test_settings_of_the_start_outlast_a_reset():
    with SimulatorProcess(settings={"quota_per_minute": None, "import_error": "Ä = ö"}) as simulator:
        simulator.settings(quota_per_minute=1)
        simulator.reset()
        found = simulator.settings()
    assert (found["quota_per_minute"], found["import_error"]) == (None, "Ä = ö")


def test_process_that_cannot_start_says_why():
    with (
        pytest.raises(SimulatorError, match="unrecognized arguments: --colour"),
        SimulatorProcess(colour="red"),
    ):
        pass


def test_options(connect):
    with SimulatorProcess(api_token="other", settings={"job_parts": False}, seed=3) as simulator:
        phrase = connect(simulator)
        assert phrase.exchange().status_code == 200
        assert phrase.exchange(subject_token="simulator-token").status_code == 400
        assert simulator.settings()["job_parts"] is False
        assert json.loads(simulator.airflow_connection()) == {
            "conn_type": "phrase",
            "password": "other",
            "extra": {
                "platform_url": simulator.url,
                "tms_url": f"{simulator.url}/web",
                "strings_url": f"{simulator.url}/v2",
            },
        }


def test_missing_format_library_leaves_the_file_as_it_is(connect, tmp_path, monkeypatch):
    (tmp_path / "polib.py").write_text("raise ImportError('No module named polib', name='polib')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    source = b'msgid "Hello"\nmsgstr ""\n'
    with SimulatorProcess(speed=0) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        job = phrase.upload(uid, "a.po", source).json()["jobs"][0]["uid"]
        simulator.job(job, "complete")
        request = phrase.export(uid, job).json()["asyncRequest"]["id"]
        simulator.advance(15)
        assert phrase.download(uid, job, request).content == source
        (warning,) = phrase.get(f"v1/projects/{uid}/jobs/{job}/targetFileWarnings").json()["warnings"]
        assert "polib is not installed" in json.dumps(warning)


def test_help_is_quick():
    code = (
        "import sys, phrase_provider.simulator.cli as cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    *text, modules = done.stdout.splitlines()
    assert text[0].startswith("usage: phrase-simulator")
    assert not {"starlette", "uvicorn", "pydantic", "airflow"} & set(modules.split())


def test_pytest_plugin_costs_nothing_until_it_is_used():
    code = (
        "import sys, pytest; before = set(sys.modules);"
        "import phrase_provider.simulator.pytest_plugin; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "phrase_provider",
        "phrase_provider.simulator",
        "phrase_provider.simulator.pytest_plugin",
    ]


def test_pytest_fixture_gives_each_test_an_empty_simulator(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import json, os\n"
        "def test_one(phrase_simulator):\n"
        "    connection = json.loads(os.environ['AIRFLOW_CONN_PHRASE_DEFAULT'])\n"
        "    assert connection['extra']['tms_url'] == phrase_simulator.tms_url\n"
        "    phrase_simulator.settings(page_delay=3)\n"
        "def test_two(phrase_simulator):\n"
        "    assert phrase_simulator.settings()['page_delay'] == 0\n"
    )
    command = (
        f"{shlex.quote(sys.executable)} -m pytest -q -p phrase_provider.simulator.pytest_plugin {tmp_path}"
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(shlex.split(command), env=environment, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout


WITHOUT_SERVER_LIBRARIES = """
import sys
sys.modules.update(dict.fromkeys(["jinja2", "pydantic", "python_multipart", "starlette", "uvicorn"]))
"""


def run_without_server_libraries(code, folder):
    """Run a program where importing the server's libraries fails, also in processes that it starts."""
    (folder / "sitecustomize.py").write_text(WITHOUT_SERVER_LIBRARIES)
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
    }
    return subprocess.run(
        [sys.executable, *code], env=environment, capture_output=True, text=True, check=False
    )


def test_pytest_fixture_skips_with_the_reason_without_the_server_libraries(tmp_path):
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text(
        "def test_with_it(phrase_simulator): raise AssertionError\ndef test_without_it(): pass\n"
    )
    plugin = "phrase_provider.simulator.pytest_plugin"
    done = run_without_server_libraries(["-m", "pytest", "-rs", "-p", plugin, str(tests)], tmp_path)
    assert "1 passed, 1 skipped" in done.stdout
    assert "(jinja2, pydantic, python_multipart, starlette, uvicorn)" in done.stdout
    assert "airflow-provider-phrase[simulator]" in done.stdout


def test_command_names_the_extra_without_the_server_libraries(tmp_path):
    done = run_without_server_libraries(["-m", "phrase_provider.simulator", "--port", "0"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'airflow-provider-phrase[simulator]'" in done.stderr


def test_server_libraries_belong_to_the_extra_alone():
    names = {"jinja2", "pydantic", "python-multipart", "starlette", "uvicorn"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    extra = {re.match(r"[\w-]+", line)[0] for line in project["optional-dependencies"]["simulator"]}
    assert names <= extra
    assert not names & listed


def test_it_starts_again_at_the_same_address():
    with SimulatorProcess() as simulator:
        address = simulator.url
        simulator.kill()
        with pytest.raises(OSError, match="refused"):
            simulator.requests()
        simulator.start()
        assert simulator.url == address
        assert simulator.requests() == []
