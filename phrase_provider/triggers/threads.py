"""The few threads in which triggers call Phrase, off the triggerer's event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

#: More threads stall the loop longer than they save; Phrase caps parallel requests anyway.
THREADS = 4


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="phrase-trigger")


async def in_thread(call: Callable[[], T]) -> T:
    """
    Run a blocking call in one of the threads, logging as the caller does.

    :param call: takes nothing; its errors pass through.
    """
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(_pool(), context.run, call)
