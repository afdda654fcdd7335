"""Airflow's components on PostgreSQL for tests that kill them, with a local Phrase for each connection."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import postgres
import psutil
from airflow_api import AirflowApi
from compose_processes import ComposeProcesses
from deployments import LOCAL, Deployment

from phrase_provider.simulator.process import SimulatorProcess

Way = Callable[[str, SimulatorProcess], str]


class AirflowStack:
    """
    Running components, and one simulator for each connection.

    :param services: started.
    :param phrases: simulators by connection id.
    :param api: of the api-server.
    """

    def __init__(
        self, services: ComposeProcesses, phrases: dict[str, SimulatorProcess], api: AirflowApi
    ) -> None:
        self.services = services
        self.phrases = phrases
        self.api = api
        self.folder = services.folder

    def kill(self, name: str) -> None:
        """Kill a component and all its processes at once."""
        self.services.kill(name)

    def end(self, name: str) -> None:
        """Tell a component to end, and wait until it has."""
        self.services.end(name)

    def start(self, name: str) -> None:
        self.services.start(name)

    def restart_phrase(self, name: str, away: float) -> None:
        """Kill a simulator, and start it again with what it knew after so many seconds."""
        phrase = self.phrases[name]
        phrase.kill()
        time.sleep(away)
        phrase.start()


def _straight(_: str, phrase: SimulatorProcess) -> str:
    return phrase.url


@contextmanager
def airflow_stack(
    folder: Path,
    bin_folder: Path,
    connections: Sequence[str],
    way: Way = _straight,
    deployment: Deployment = LOCAL,
) -> Iterator[AirflowStack]:
    """
    Run the components.

    :param folder: for everything they write.
    :param bin_folder: of PostgreSQL's programs.
    :param connections: ids; each gets a simulator of its own.
    :param way: gives the address at which a connection finds its simulator.
    :param deployment: which services, and how they are set.
    """
    with ExitStack() as stack:
        phrases = {
            name: stack.enter_context(
                SimulatorProcess(
                    speed=60,
                    state=folder / f"phrase-{name}",
                    settings={"unassigned_work_moves": True},
                )
            )
            for name in connections
        }
        settings = {f"AIRFLOW__{name}": value for name, value in deployment.settings.items()}
        addresses = {
            f"AIRFLOW_CONN_{name.upper()}": phrase.airflow_connection().replace(phrase.url, way(name, phrase))
            for name, phrase in phrases.items()
        }
        services = ComposeProcesses(folder, {**settings, **addresses}, deployment.variables)
        stack.enter_context(postgres.server(bin_folder, services.ports["5432"], name="airflow"))
        stack.callback(services.stop)
        start(services, deployment)
        api = AirflowApi(f"http://127.0.0.1:{services.ports['8080']}")
        wait_until(lambda: api.dag_ids() >= set(deployment.dag_ids), 120, "the DAGs were parsed")
        yield AirflowStack(services, phrases, api)


def start(services: ComposeProcesses, deployment: Deployment) -> None:
    """
    Start what a deployment has, in the order in which the services wait for each other.

    :param services: none of them started; a database runs.
    """
    for name in deployment.stores:
        services.start(name)
    for name in deployment.stores:
        services.wait_until_healthy(name)
    for name in deployment.preparations:
        services.run(name)
    for name in deployment.components:
        services.start(name)
    for name in deployment.components:
        services.wait_until_healthy(name)


class TaskProcesses:
    """
    Finds the processes of one run's tasks by what they tell of themselves.

    :param folder: in which they tell it; see `dags/kills.py`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wait_for(self, task: str, point: str, attempt: int = 1, seconds: float = 180) -> TaskProcess:
        """Wait until a task has come to a point."""
        told = self._folder / f"{task}.{point}.{attempt}"
        wait_until(told.exists, seconds, f"{task} came to {point}")
        return TaskProcess(*map(int, told.read_text().split()))

    def all_of(self, task: str) -> dict[str, TaskProcess]:
        """Give the process of the last try of each mapped instance of a task."""
        found = {}
        for told in sorted(self._folder.glob(f"{task}.*.before.*"), key=lambda path: path.stat().st_mtime):
            if told.suffix != ".writing":
                found[told.name.split(".before")[0]] = TaskProcess(*map(int, told.read_text().split()))
        return found


class TaskProcess:
    """A process that runs a task, and its supervisor, which speaks to Airflow for it."""

    def __init__(self, pid: int, supervisor: int) -> None:
        self._pid = pid
        self._supervisor = supervisor

    @property
    def is_running(self) -> bool:
        # What was killed stays a zombie until its supervisor has noticed.
        return psutil.pid_exists(self._pid) and psutil.Process(self._pid).status() != psutil.STATUS_ZOMBIE

    def kill(self, *, with_supervisor: bool = False) -> None:
        for pid in (self._supervisor, self._pid) if with_supervisor else (self._pid,):
            os.kill(pid, signal.SIGKILL)

    def freeze_supervisor(self) -> None:
        """Let nothing that the task says from now on reach Airflow."""
        os.kill(self._supervisor, signal.SIGSTOP)


def wait_until(condition: Any, seconds: float, what: str) -> None:
    """Wait for a condition, at most so many seconds."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"{seconds} s passed before {what}"
        time.sleep(0.1)
