"""The services of docker-compose.yaml as processes: same commands, same settings, other addresses."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psutil
import yaml

from demo.processes import running, session_members

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ComposeProcesses:
    """
    Starts services by name and asks for their health, as Docker Compose would.

    :param folder: takes the place of the named volumes and of Airflow's home.
    :param changed: environment variables that are other than in the file.
    """

    def __init__(self, folder: Path, changed: dict[str, str] | None = None) -> None:
        compose = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
        self.services: dict[str, Any] = compose["services"]
        self.folder = folder
        self._changed = changed or {}
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self.ports = {name: free_port() for name in ("5432", "8080", "8900", "8974")}
        self._moved = {**self._mounts(), **self._addresses()}
        self._pattern = re.compile("|".join(sorted(map(re.escape, self._moved), key=len, reverse=True)))
        self._stack = ExitStack()

    def _mounts(self) -> dict[str, str]:
        mounts = {}
        for volume in self.services["init"]["volumes"]:
            source, target = volume.split(":")[:2]
            mounts[target] = str(ROOT / source if source.startswith("./") else self.folder / source)
            Path(mounts[target]).mkdir(parents=True, exist_ok=True)
        return mounts

    def _addresses(self) -> dict[str, str]:
        hosts = ("api-server", "simulator", "localhost")
        return {
            **{f"//{host}:": "//127.0.0.1:" for host in hosts},
            "@postgres:": "@127.0.0.1:",
            "0.0.0.0": "127.0.0.1",
            **{old: str(new) for old, new in self.ports.items()},
        }

    def _here(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._moved[found[0]], text.replace("$$", "$"))

    def command(self, name: str) -> list[str]:
        service = self.services[name]
        return [self._here(word) for word in (*service.get("entrypoint", []), *service.get("command", []))]

    def environment(self, name: str) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW_")}
        settings = {key: self._here(value) for key, value in self.services[name]["environment"].items()}
        here = {
            "AIRFLOW_HOME": str(self.folder / "home"),
            "PATH": f"{BIN}{os.pathsep}{inherited['PATH']}",
            # One machine stands for all the containers, so what they all serve on needs ports of its own.
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.ports["5432"]),
        }
        return {**inherited, **here, **settings, **self._changed}

    def run(self, name: str) -> None:
        """Run a service that ends, such as `init`."""
        log = self.folder / f"{name}.log"
        with running(self.command(name), env=self.environment(name), log=log) as process:
            assert process.wait(timeout=180) == 0, log.read_text()[-3000:]

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a service that stays until :meth:`stop`."""
        log = self.folder / f"{name}.log"
        process = self._stack.enter_context(running(self.command(name), env=self.environment(name), log=log))
        self._started[name] = process
        return process

    def kill(self, name: str) -> None:
        """Kill all processes of a service at once."""
        leader = self._started[name]
        for process in session_members(leader.pid):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        leader.wait()

    def end(self, name: str, seconds: float = 60) -> None:
        """Tell a service to end, as a deployment does."""
        leader = self._started[name]
        leader.terminate()
        leader.wait(seconds)

    def is_healthy(self, name: str) -> bool:
        """Run the service's health check once."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        check = [self._here(word) for word in command]
        ended = subprocess.run(
            check, env=self.environment(name), capture_output=True, timeout=60, check=False
        )
        return ended.returncode == 0

    def wait_until_healthy(self, name: str, seconds: float = 180) -> None:
        give_up = time.monotonic() + seconds
        while not self.is_healthy(name):
            log = self.folder / f"{name}.log"
            assert time.monotonic() < give_up, f"{name} is not healthy: {log.read_text()[-3000:]}"
            time.sleep(1)

    def stop(self) -> None:
        self._stack.close()
