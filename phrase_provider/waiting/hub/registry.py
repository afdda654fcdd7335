"""The hubs of this process: one for each event loop and connection."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from phrase_provider.waiting.hub.hub import Hub

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from phrase_provider.waiting.hub.request_executor import Client

#: A triggerer has one loop; `dag.test()` makes one for each trigger.
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Hub]] = WeakKeyDictionary()


def hub_of(name: str, connect: Callable[[], Awaitable[Client]], per_minute: Callable[[], float]) -> Hub:
    """
    Return the hub of a connection in the running event loop; a wait must join it at once.

    :param name: product and connection.
    :param connect: reads the connection and makes a client that does not repeat calls.
    :param per_minute: returns the most requests in a minute; asked when the hub is made.
    """
    hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
    if name not in hubs:
        hubs[name] = Hub(connect, per_minute(), stopped=partial(hubs.pop, name))
    return hubs[name]
