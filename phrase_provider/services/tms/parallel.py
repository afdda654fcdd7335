"""Calls for many things on a worker, a few at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")

#: Calls at the same time: Phrase allows about 100 for an organization, and a client keeps 10 connections.
MAX_PARALLEL = 8


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """
    Yield items in their order, in batches.

    :param items: all of them.
    :param size: of a batch; the last one may be smaller.
    """
    for first in range(0, len(items), size):
        yield items[first : first + size]


def each_in_parallel(
    do: Callable[[T], R], items: Iterable[T], *, max_parallel: int = MAX_PARALLEL
) -> Iterator[tuple[T, R]]:
    """
    Yield each item with what the call for it returned, in the order in which the calls end.

    After an error, or when nobody takes any more of them, no further call is started; those that run end.

    :param do: makes the call, in a thread; must not use what only the task's own thread may.
    :param items: what it is made for.
    :param max_parallel: calls at the same time.
    """
    pool = ThreadPoolExecutor(max_parallel, thread_name_prefix="phrase")
    try:
        running = {pool.submit(do, item): item for item in items}
        for future in as_completed(running):
            yield running[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)
