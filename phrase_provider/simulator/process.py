"""A simulator in its own process, for tests and demos. Needs nothing but the standard library."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import sysconfig
import tempfile
import time
import uuid
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from phrase_provider.simulator.core.tokens import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_READY = "Phrase simulator ready at "
_PACKAGE_ROOT = Path(__file__).parents[2]
_INSTALLED = str(_PACKAGE_ROOT) == sysconfig.get_path("purelib")
_TRAFFIC = "PHRASE_SIMULATOR_TRAFFIC"
"""Environment variable: the folder in which a simulator without an access log of its own writes one."""


class SimulatorError(RuntimeError):
    """The simulator did not start, or it refused a command; the message is its own."""


class SimulatorProcess:
    """
    A simulator in its own process; a context manager that starts and stops it.

    :param speed: simulated seconds per real second.
    :param port: 0 picks a free one.
    :param api_token: the Platform API token to accept.
    :param start_timeout: seconds to wait until it answers.
    :param settings: values of :class:`phrase_provider.simulator.core.settings.Settings` to start with, and to
        return to at a reset.
    :param options: further options of ``phrase-simulator``, such as ``seed=2``, ``access_log=path`` or
        ``state=folder``.
    :raises SimulatorError: on entry, when it does not start.
    """

    def __init__(
        self,
        *,
        speed: float = 60,
        port: int = 0,
        api_token: str = Credentials.api_token,
        start_timeout: float = 60,
        settings: Mapping[str, Any] | None = None,
        **options: str | int | Path,
    ) -> None:
        self.api_token = api_token
        self.url = ""
        self._start_timeout = start_timeout
        self._settings = dict(settings or {})
        self._options = {"speed": speed, "port": port, "api_token": api_token, **_traffic(), **options}
        self._process: subprocess.Popen[bytes] | None = None
        # The control API is on this machine, whatever proxy the environment names.
        self._opener = build_opener(ProxyHandler({}))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def tms_url(self) -> str:
        """Base URL of the TMS."""
        return f"{self.url}/web"

    def start(self) -> Self:
        """Start the simulator and wait until it answers; after a stop, at the same address."""
        # The caller's own paths come first, and a checkout that is not installed is found all the same.
        paths = [os.environ.get("PYTHONPATH", ""), "" if _INSTALLED else str(_PACKAGE_ROOT)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        with tempfile.TemporaryFile() as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "phrase_provider.simulator", *self._arguments()],
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=environment,
            )
            line = _first_line(self._process, self._start_timeout)
            if not line.startswith(_READY):
                self.stop()
                complaints.seek(0)
                raise SimulatorError(
                    f"The simulator did not start: {complaints.read().decode().strip() or line}"
                )
        self.url = line.removeprefix(_READY).strip()
        self._options["port"] = int(self.url.rpartition(":")[2])
        return self

    def stop(self) -> None:
        """Stop the simulator, if it is running."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        _reap(process)

    def kill(self) -> None:
        """Kill the simulator at once, as a crash would; it can be started again."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            _reap(process)

    def airflow_connection(self) -> str:
        """Return the value of ``AIRFLOW_CONN_PHRASE_DEFAULT`` for this simulator."""
        extra = {"platform_url": self.url, "tms_url": self.tms_url, "strings_url": f"{self.url}/v2"}
        return json.dumps({"conn_type": "phrase", "password": self.api_token, "extra": extra})

    def requests(self, method: str | None = None, path: str | None = None) -> list[dict[str, Any]]:
        """
        Return the requests since the last reset, oldest first.

        :param method: only this method.
        :param path: regular expression to search the path for.
        :return: the fields of :class:`phrase_provider.simulator.server.request_log.LoggedRequest`.
        """
        query = urlencode({key: value for key, value in (("method", method), ("path", path)) if value})
        found: list[dict[str, Any]] = self._call("GET", f"requests?{query}")["requests"]
        return found

    def fault(self, **rule: Any) -> int:
        """Add a :class:`phrase_provider.simulator.server.faults.FaultRule`; return its id."""
        return int(self._call("POST", "faults", rule)["id"])

    def clear_faults(self) -> None:
        self._call("DELETE", "faults")

    def deliveries(self, **filters: str) -> list[dict[str, Any]]:
        """
        Return the deliveries to webhooks and callbacks since the last reset, oldest first.

        :param filters: ``webhook`` (uid), ``event`` or ``asyncRequest`` (id).
        """
        found: list[dict[str, Any]] = self._call("GET", f"deliveries?{urlencode(filters)}")["deliveries"]
        return found

    def mails(self, **filters: str) -> list[dict[str, Any]]:
        """
        Return the mails that Phrase would have sent since the last reset, oldest first.

        :param filters: ``job`` (uid) or ``occasion``, of
            :class:`phrase_provider.simulator.tms.entities.mails.MailOccasion`.
        :return: ``at``, ``occasion``, ``to`` (the name of the recipient) and ``job``.
        """
        found: list[dict[str, Any]] = self._call("GET", f"mails?{urlencode(filters)}")["mails"]
        return found

    def advance(self, seconds: float) -> None:
        """Move simulated time forward; returns when everything due has happened and was delivered."""
        self._call("POST", "clock", {"advance": seconds})

    def set_speed(self, speed: float) -> None:
        """
        Change the speed of simulated time.

        :param speed: simulated seconds per real second; 0 stops it.
        """
        self._call("POST", "clock", {"speed": speed})

    def expire_tokens(self) -> None:
        """Revoke all access tokens and logins, as an administrator can."""
        self._call("POST", "tokens/expire")

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change some of :class:`phrase_provider.simulator.core.settings.Settings`; return all of them."""
        return self._call("POST", "settings", changes)

    def job(self, uid: str, command: str) -> dict[str, Any]:
        """
        Run a command on a job; return the job as ``GET job`` does.

        :param command: a key of :data:`phrase_provider.simulator.tms.actions.job_commands.COMMANDS`.
        """
        return self._call("POST", f"jobs/{uid}/{command}")

    def reset(self) -> None:
        """Reset everything: no projects, faults or requests, initial settings; access tokens stay valid."""
        self._call("POST", "reset")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_simulator/{path}", data, method=method)
        try:
            with self._opener.open(request, timeout=30) as response:
                answer: dict[str, Any] = json.load(response)
        except HTTPError as error:
            raise SimulatorError(error.read().decode()) from None
        return answer

    def _arguments(self) -> list[str]:
        options = [(f"--{name.replace('_', '-')}", str(value)) for name, value in self._options.items()]
        options += [("--set", f"{name}={json.dumps(value)}") for name, value in self._settings.items()]
        return [argument for option in options for argument in option]


def _traffic() -> dict[str, Path]:
    folder = os.environ.get(_TRAFFIC)
    if not folder:
        return {}
    Path(folder).mkdir(parents=True, exist_ok=True)
    return {"access_log": Path(folder, f"{uuid.uuid4().hex}.jsonl")}


def _reap(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdout:
        process.stdout.close()


def _first_line(process: subprocess.Popen[bytes], timeout: float) -> str:
    """Return the first line of output, or the part read when the process ends or ``timeout`` seconds pass."""
    output: IO[bytes] | None = process.stdout
    if output is None:
        return ""
    deadline = time.monotonic() + timeout
    read = b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while not read.endswith(b"\n") and selector.select(max(deadline - time.monotonic(), 0)):
            chunk = os.read(output.fileno(), 1024)
            if not chunk:
                break
            read += chunk
    return read.decode()
