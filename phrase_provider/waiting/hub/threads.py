"""Threads that do not keep the interpreter from ending."""

from __future__ import annotations

import asyncio
import weakref
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = tuple[Future[Any], Callable[[], Any]] | None

T = TypeVar("T")


class DaemonThreads:
    """
    A few threads that make calls.

    Those of an executor, ``asyncio.to_thread`` included, are joined when the interpreter ends: one that
    waits for an answer would hold it up.

    :param number: of calls at once; more of them wait.
    :param name: of the threads.
    """

    def __init__(self, number: int, name: str) -> None:
        self._number, self._name = number, name
        self._work: SimpleQueue[Work] = SimpleQueue()
        self._started = 0
        #: Lets the threads end once they have made the calls that they were given.
        self.close = weakref.finalize(self, _end, self._work, number)

    def run(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """
        Start a call; needs a running event loop.

        :param call: goes on to its end, also when nobody waits for it any more.
        :return: its answer, or its error.
        """
        if self._started < self._number:
            # Here and not for each call: to start a thread holds up the loop until it runs.
            self._started += 1
            Thread(target=_make_calls, args=(self._work,), name=self._name, daemon=True).start()
        future: Future[T] = Future()
        self._work.put((future, call))
        return asyncio.wrap_future(future)


def _make_calls(work: SimpleQueue[Work]) -> None:
    while given := work.get():
        _make(*given)
        # Else it would be kept until the next one.
        del given


def _make(future: Future[T], call: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        answer = call()
    except BaseException as error:  # noqa: BLE001  # Raised where the answer is awaited, as an executor does.
        future.set_exception(error)
    else:
        future.set_result(answer)


def _end(work: SimpleQueue[Work], number: int) -> None:
    for _ in range(number):
        work.put(None)
