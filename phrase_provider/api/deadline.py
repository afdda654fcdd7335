"""Total deadlines of calls: when one has passed, the call's socket is closed, whatever happens on it."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseTransportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from phrase_provider.api.endpoint import Endpoint

#: Bytes per second that a body of any size reaches on average; a slower one ends at the deadline.
SLOWEST = 50_000

#: Seconds between two looks at the running calls, and without one after which the watching thread ends.
TICK, LINGER = 1.0, 10.0


class Deadline:
    """
    The moment after which the socket of one call is closed.

    The timeout of a socket ends silence, but an answer that drips is never silent. A context manager, which
    has to be started inside.

    :param seconds: for a call without a body; each byte of a body lengthens it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._fd: int | None = None
        #: Whether the socket was closed.
        self.passed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _watchdog.remove(self)
        with self._lock:
            self._let_go()

    def start(self) -> None:
        """Start, anew with each request of the call."""
        with self._lock:
            self._let_go()
            self.passed = False
            self._began = time.monotonic()
            self._ends = self._began + self._seconds
        _watchdog.add(self)

    def lengthen(self, size: int) -> None:
        """
        Allow for bytes of a body.

        :param size: bytes that are sent, or that have arrived: what is only announced gives no time.
        """
        self._ends += size / SLOWEST

    def all_sent(self) -> None:
        """Take back what a body that is sent has not used of its time: the answer is as long as any other."""
        self._ends = min(self._ends, time.monotonic() + self._seconds)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Watch the sockets that this thread connects or uses inside."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def watch(self, connection: socket.socket) -> None:
        """
        Close this socket when the deadline has passed; at once if it has.

        :param connection: connected.
        """
        with self._lock:
            self._let_go()
            # A descriptor of its own: the number of one that the call has closed may be another's by then.
            self._fd = os.dup(connection.fileno())
            if self.passed:
                self._shut()

    def error(self, endpoint: Endpoint) -> PhraseTransportError:
        """
        Return the error for a call whose deadline has passed.

        :param endpoint: what was called.
        """
        return PhraseTransportError(
            f"No whole answer to {endpoint} within {time.monotonic() - self._began:.0f} s",
            hint="The answer comes too slowly, or drips: try again, or raise the timeout of the connection.",
            endpoint=str(endpoint),
        )

    def is_due(self) -> bool:
        """Return whether the moment has come."""
        return time.monotonic() >= self._ends

    def expire(self) -> None:
        """Close the socket if it is time: who reads from it or writes to it wakes up with an error."""
        with self._lock:
            if self.is_due():
                self.passed = True
                self._shut()

    def _shut(self) -> None:
        if self._fd is not None:
            # For all descriptors of the connection; an error means that the other side was faster.
            with suppress(OSError), socket.socket(fileno=os.dup(self._fd)) as connection:
                connection.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class _Watchdog:
    """Watches all calls of a process with one thread, which is there while there are calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[Deadline] = set()
        self._thread: threading.Thread | None = None
        self._used = 0.0

    def add(self, deadline: Deadline) -> None:
        with self._lock:
            self._running.add(deadline)
            self._used = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="phrase-deadlines", daemon=True)
                self._thread.start()

    def remove(self, deadline: Deadline) -> None:
        with self._lock:
            self._running.discard(deadline)

    def _watch(self) -> None:
        while self._look():
            time.sleep(TICK)

    def _look(self) -> bool:
        with self._lock:
            due = [deadline for deadline in self._running if deadline.is_due()]
            self._running.difference_update(due)
            needed = bool(self._running) or time.monotonic() - self._used < LINGER
            if not needed:
                self._thread = None
        for deadline in due:
            deadline.expire()
        return needed


def current() -> Deadline | None:
    """Return the deadline of the call that this thread is sending, if it has one."""
    return _current.get()


def _after_fork() -> None:
    # Airflow forks a process for each task: threads stay behind, and a lock may be held for ever.
    global _watchdog
    _watchdog = _Watchdog()


_current: ContextVar[Deadline | None] = ContextVar("phrase_deadline", default=None)
_watchdog = _Watchdog()
os.register_at_fork(after_in_child=_after_fork)
