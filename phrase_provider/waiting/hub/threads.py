"""Calls in threads that do not keep the interpreter from ending."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def in_daemon_thread(call: Callable[[], T], name: str) -> asyncio.Future[T]:
    """
    Run a call in a thread of its own; needs a running event loop.

    The threads of an executor, ``asyncio.to_thread`` included, are joined when the interpreter ends: one
    that waits for an answer would hold it up.

    :param call: runs to its end, also when nobody waits for it any more.
    :param name: of the thread.
    :return: its answer, or its error.
    """
    future: Future[T] = Future()
    Thread(target=_run, args=(future, call), name=name, daemon=True).start()
    return asyncio.wrap_future(future)


def _run(future: Future[T], call: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        answer = call()
    except BaseException as error:  # noqa: BLE001  # Raised where the answer is awaited, as an executor does.
        future.set_exception(error)
    else:
        future.set_result(answer)
