"""The hub of one connection: its waits, in groups that are polled together."""

from __future__ import annotations

import copy
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from phrase_provider.waiting.hub.poll_group import PollGroup
from phrase_provider.waiting.hub.request_executor import RequestExecutor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.hub.request_executor import Client
    from phrase_provider.waiting.hub.waiter import Waiter

log = logging.getLogger(__name__)


class Hub:
    """
    Polls Phrase for everything that waits in one event loop over one connection.

    :param connect: reads the connection and makes a client that does not repeat calls.
    :param per_minute: most requests in a minute.
    :param stopped: called when the last wait has left and the connections are closed.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[Client]], per_minute: float, stopped: Callable[[], object]
    ) -> None:
        self._executor = RequestExecutor(connect, per_minute)
        self._stopped = stopped
        self._groups: dict[str, PollGroup] = {}

    @contextmanager
    def waiting(self, waiter: Waiter) -> Iterator[None]:
        """
        Let a wait take part in the polls as long as the context lasts; the last one out stops the hub.

        :param waiter: joins the group of its condition's ``poll_key``.
        """
        key = waiter.condition.poll_key()
        group = self._groups.get(key.name)
        if group is None:
            group = self._groups[key.name] = PollGroup(key, self._executor.ask, self._end_all)
        group.join(waiter)
        try:
            yield
        finally:
            group.leave(waiter)
            if not group.waiters:
                del self._groups[key.name]
            if not self._groups:
                self._executor.close()
                self._stopped()

    def hold_off(self, seconds: float) -> None:
        """
        Send nothing for a time, since Phrase has asked a task of this connection for a pause.

        :param seconds: the rest of the pause; negative: it is over.
        """
        self._executor.hold_off(seconds)

    def _end_all(self, error: PhraseError) -> None:
        log.warning("Phrase refuses the connection: all its waits end. %s", error)
        for group in self._groups.values():
            for waiter in group.waiters:
                waiter.end(copy.copy(error))
