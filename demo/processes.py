"""Child processes that never outlive the command that started them."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psutil

from phrase_provider.simulator.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

#: Seconds to end by itself.
GRACE = 15.0


class _Unwinding:
    """Ends the program by an exception, once: every `finally` then runs in peace."""

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._held = False
        self._waiting: int | None = None

    def listen(self) -> None:
        for each in self.signals:
            signal.signal(each, self._arrived)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep signals waiting: a child is not ours to stop while it is being made."""
        self._held = True
        yield
        self._held = False
        if self._waiting is not None:
            raise SystemExit(128 + self._waiting)

    def _arrived(self, number: int, _frame: FrameType | None) -> None:
        for each in self.signals:
            signal.signal(each, signal.SIG_IGN)
        if not self._held:
            raise SystemExit(128 + number)
        self._waiting = number


_unwinding = _Unwinding()


def stop_on_signals() -> None:
    """Let Ctrl-C, `kill` and a closed terminal end the program with all that it started."""
    _unwinding.listen()


@contextmanager
def running(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str],
    log: Path,
    pass_fds: Sequence[int] = (),
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """
    Run a command in a session of its own and stop all of that session at the end.

    :param command: program and arguments.
    :param env: its whole environment.
    :param log: file that gets its output; made, with its folder, or appended to.
    :param pass_fds: file descriptors it inherits.
    :param cwd: folder in which it runs, if not this one.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    process: subprocess.Popen[bytes] | None = None
    try:
        with _unwinding.held(), log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=pass_fds,
                cwd=cwd,
                start_new_session=True,
            )
        yield process
    finally:
        if process:
            stop_session(process)


@contextmanager
def local_phrase(**options: Any) -> Iterator[SimulatorProcess]:
    """
    Run a simulator.

    :param options: as `SimulatorProcess` takes them.
    """
    phrase = SimulatorProcess(**options)
    try:
        with _unwinding.held():
            phrase.start()
        yield phrase
    finally:
        phrase.stop()


def stop_session(leader: subprocess.Popen[bytes]) -> None:
    """
    Terminate every process of a session, and kill what is left after a while.

    :param leader: the session's first process, started with `start_new_session=True`.
    """
    for stop in (psutil.Process.terminate, psutil.Process.kill):
        members = list(session_members(leader.pid))
        for process in members:
            with suppress(psutil.NoSuchProcess):
                stop(process)
        # The leader is asked first: if psutil met it, its return code would be lost.
        with suppress(subprocess.TimeoutExpired):
            leader.wait(timeout=GRACE)
        psutil.wait_procs([process for process in members if process.pid != leader.pid], timeout=GRACE)


def session_members(session: int) -> Iterator[psutil.Process]:
    """Processes of a session; Airflow's tasks leave their parent's process group, never its session."""
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                yield process
