"""The services of docker-compose.yaml as processes: same commands, same settings, other addresses."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psutil
import yaml

from demo.processes import running, session_members

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
#: Names by which the services know each other; here all of them are this machine.
HOSTS = ("api-server", "simulator", "redis", "s3", "localhost")
PORTS = ("5000", "5432", "6379", "8080", "8900", "8974")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_compose_file(variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """
    Read docker-compose.yaml.

    :param variables: by name, for what is `${NAME:-default}` in it.
    """
    text = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
    variable = re.compile(r"(?<!\$)\$\{(\w+):-(.*?)\}")
    return yaml.safe_load(variable.sub(lambda found: (variables or {}).get(found[1], found[2]), text))


class ComposeProcesses:
    """
    Starts services by name and asks for their health, as Docker Compose would.

    Like a container, each has folders of its own: home, temporary files and working directory. Only what
    the file mounts is shared.

    :param folder: for these folders, each with the service's output in it, and for the named volumes.
    :param changed: environment variables that are other than in the file.
    :param variables: for the file, as Docker Compose takes them from its environment.
    """

    def __init__(
        self,
        folder: Path,
        changed: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.services: dict[str, Any] = read_compose_file(variables)["services"]
        self.folder = folder
        self._changed = changed or {}
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self.ports = {name: free_port() for name in PORTS}
        self._moved = {name: self._replacements(name) for name in self.services}
        self._stack = ExitStack()

    def home(self, name: str) -> Path:
        """Give the folder that stands for a container's own files."""
        return self.folder / name

    def volumes(self, name: str) -> set[Path]:
        """Give the folders that a service may write and share with others."""
        return {folder for folder in self._mounts(name).values() if folder.is_relative_to(self.folder)}

    def _mounts(self, name: str) -> dict[str, Path]:
        mounts = {}
        for volume in self.services[name].get("volumes", []):
            source, target = volume.split(":")[:2]
            mounts[target] = (ROOT if source.startswith("./") else self.folder / "volumes") / source
        return mounts

    def _replacements(self, name: str) -> dict[str, str]:
        return {
            **{target: str(folder) for target, folder in self._mounts(name).items()},
            **{f"//{host}:": "//127.0.0.1:" for host in HOSTS},
            "@postgres:": "@127.0.0.1:",
            "0.0.0.0": "127.0.0.1",
            **{old: str(new) for old, new in self.ports.items()},
        }

    def _here(self, name: str, text: str) -> str:
        moved = self._moved[name]
        pattern = "|".join(sorted(map(re.escape, moved), key=len, reverse=True))
        return re.sub(pattern, lambda found: moved[found[0]], text.replace("$$", "$"))

    def command(self, name: str) -> list[str]:
        service = self.services[name]
        words = (*service.get("entrypoint", []), *service.get("command", []))
        return [self._here(name, word) for word in words]

    def environment(self, name: str) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW_")}
        told = self.services[name].get("environment", {})
        settings = {key: self._here(name, value) for key, value in told.items()}
        return {**inherited, **self._container(name), **settings, **self._changed}

    def _container(self, name: str) -> dict[str, str]:
        """What a container has of its own, and here has to be told."""
        home = self.home(name)
        paths = (str(Path(__file__).with_name("container")), os.environ.get("PYTHONPATH", ""))
        return {
            "AIRFLOW_HOME": str(home / "airflow"),
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "HOSTNAME": self.services[name].get("hostname", name),
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "container_name.container_name",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            # One machine stands for all the containers, so what they all serve on needs ports of its own.
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.ports["5432"]),
        }

    def run(self, name: str) -> None:
        """Run a service that ends, such as `init`."""
        with ExitStack() as stack:
            assert self._launch(name, stack).wait(timeout=180) == 0, self._end_of_log(name)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a service that stays until :meth:`stop`."""
        self._started[name] = self._launch(name, self._stack)
        return self._started[name]

    def _launch(self, name: str, stack: ExitStack) -> subprocess.Popen[bytes]:
        for folder in (self.home(name) / "tmp", *self.volumes(name)):
            folder.mkdir(parents=True, exist_ok=True)
        return stack.enter_context(
            running(self.command(name), env=self.environment(name), log=self._log(name), cwd=self.home(name))
        )

    def processes(self, name: str) -> Iterator[psutil.Process]:
        """Give all processes of a service that was started."""
        return session_members(self._started[name].pid)

    def kill(self, name: str) -> None:
        """Kill all processes of a service at once."""
        for process in self.processes(name):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._started[name].wait()

    def end(self, name: str, seconds: float = 60) -> None:
        """Tell a service to end, as a deployment does."""
        leader = self._started[name]
        leader.terminate()
        leader.wait(seconds)

    def is_healthy(self, name: str) -> bool:
        """Run the service's health check once."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        check = [self._here(name, word) for word in command]
        ended = subprocess.run(
            check, env=self.environment(name), capture_output=True, timeout=60, check=False
        )
        return ended.returncode == 0

    def wait_until_healthy(self, name: str, seconds: float = 180) -> None:
        give_up = time.monotonic() + seconds
        while not self.is_healthy(name):
            assert time.monotonic() < give_up, f"{name} is not healthy: {self._end_of_log(name)}"
            time.sleep(1)

    def stop(self) -> None:
        self._stack.close()

    def _log(self, name: str) -> Path:
        return self.home(name) / "output.log"

    def _end_of_log(self, name: str) -> str:
        return self._log(name).read_text()[-3000:] if self._log(name).exists() else ""
