"""
`make airflow`: a real Airflow with the provider, its DAGs and a local Phrase, to use in a browser.

It runs until Ctrl-C; then everything it started is stopped. Its files are below `build/airflow`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

from demo.airflow_home import BIN, BUILD, DAG_ID, AirflowHome
from demo.processes import local_phrase, running, stop_on_signals
from demo.run import LANGUAGES, SAMPLES, TEMPLATE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from phrase_provider.simulator.process import SimulatorProcess

FOLDER = BUILD / "airflow"
USER = PASSWORD = "admin"
PASSWORDS = FOLDER / "passwords.json"
START_SECONDS = 240


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make airflow", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="of Airflow; another if it is taken")
    parser.add_argument("--phrase-port", type=int, default=8900, help="of Phrase; another if it is taken")
    parser.add_argument("--speed", type=float, default=60, help="simulated seconds in a second")
    return parser.parse_args()


def free_port(wanted: int) -> int:
    """Give the wanted port of this machine, or any other if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def airflow_home(port: int) -> AirflowHome:
    """
    Describe an Airflow whose parts find each other on a port.

    :param port: of its API server.
    """
    settings = {
        # Its login is known to everybody: nobody but this machine gets in.
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__BASE_URL": f"http://localhost:{port}",
        "CORE__EXECUTION_API_SERVER_URL": f"http://localhost:{port}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(PASSWORDS),
        # Two other programs of this machine may hold the usual ones.
        "LOGGING__WORKER_LOG_SERVER_PORT": str(free_port(8793)),
        "LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port(8794)),
    }
    return AirflowHome(FOLDER / "home", settings)


@contextmanager
def started(options: argparse.Namespace) -> Iterator[tuple[str, SimulatorProcess, subprocess.Popen[bytes]]]:
    """
    Start Phrase and Airflow, and stop them at the end.

    :return: Airflow's URL, Phrase and Airflow.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    PASSWORDS.write_text(json.dumps({USER: PASSWORD}), encoding="utf-8")
    port = free_port(options.port)
    home = airflow_home(port)
    with local_phrase(speed=options.speed, port=free_port(options.phrase_port)) as phrase:
        print("Preparing a throwaway Airflow")
        home.make_anew()
        home.airflow("connections", "add", "phrase_default", *connection_arguments(phrase))
        print("Starting Airflow; this takes about a minute", flush=True)
        log = FOLDER / "standalone.log"
        with running([BIN / "airflow", "standalone"], env=home.environment(), log=log) as airflow:
            url = f"http://localhost:{port}"
            wait_until_ready(url, airflow)
            yield url, phrase, airflow


def wait_until_ready(url: str, airflow: subprocess.Popen[bytes]) -> None:
    """
    Wait until every part of Airflow says that it is healthy and the DAG can be triggered.

    :param url: Airflow's.
    :param airflow: the process, which must not end.
    """
    give_up = time.monotonic() + START_SECONDS
    while not (_is_healthy(url) and _knows_the_dag(url)):
        if airflow.poll() is not None or time.monotonic() > give_up:
            raise SystemExit(f"Airflow did not start; see {FOLDER / 'standalone.log'}")
        time.sleep(1)


def _is_healthy(url: str) -> bool:
    parts = _get(f"{url}/api/v2/monitor/health") or {}
    return bool(parts) and all(part["status"] == "healthy" for part in parts.values())


def _knows_the_dag(url: str) -> bool:
    return _get(f"{url}/api/v2/dags/{DAG_ID}", access_token(url)) is not None


def access_token(url: str) -> str:
    """
    Log in to Airflow's API.

    :param url: Airflow's.
    """
    body = json.dumps({"username": USER, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{url}/auth/token", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(json.load(response)["access_token"])


def _get(url: str, token: str | None = None) -> dict[str, dict[str, str]] | None:
    """Read JSON, or None while there is no answer or no such thing."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            answer: dict[str, dict[str, str]] = json.load(response)
            return answer
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return None


def connection_arguments(phrase: SimulatorProcess) -> list[str]:
    """
    Return what `airflow connections add` wants to know of the way to Phrase.

    :param phrase: where it leads.
    """
    connection = json.loads(phrase.airflow_connection())
    return [
        *("--conn-type", connection["conn_type"]),
        *("--conn-password", connection["password"]),
        *("--conn-extra", json.dumps(connection["extra"])),
        # The test button of Airflow 3.3.2 refuses a connection without a port; --conn-json would drop a 0.
        *("--conn-port", "0"),
    ]


def greeting(url: str, phrase: SimulatorProcess) -> str:
    """Return what to tell a person: where to go, and what to type into the form."""
    return f"""
Airflow   {url}   login {USER} / {PASSWORD}
Phrase    {phrase.url}   a simulator; its jobs as a page
DAG       {url}/dags/{DAG_ID}
          Trigger it with the form:
            Source files      {SAMPLES}/**/*
            Project template  {TEMPLATE}
            Target languages  {", ".join(LANGUAGES)}, one a line
            Batch id          first-try
            Target folder     {FOLDER}/target
Logs      {FOLDER}
Ctrl-C stops everything.
"""


def main() -> None:
    stop_on_signals()
    with started(arguments()) as (url, phrase, airflow):
        print(greeting(url, phrase), flush=True)
        airflow.wait()
    raise SystemExit(f"Airflow has ended by itself; see {FOLDER / 'standalone.log'}")


if __name__ == "__main__":
    main()
