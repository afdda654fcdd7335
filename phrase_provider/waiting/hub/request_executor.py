"""Sends the requests of a hub: in few threads, within the rate limit, with a token that works."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseConnectionError,
    PhraseError,
    PhraseGatewayError,
    PhraseTransportError,
)
from phrase_provider.waiting.hub.rate_limiter import RateLimiter
from phrase_provider.waiting.hub.threads import DaemonThreads

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.waiting.readers import Call

log = logging.getLogger(__name__)
T = TypeVar("T")

#: For one connection, so that a host that hangs leaves those of the others free. More of them stall the loop
#: longer than they save; Phrase caps parallel requests anyway.
THREADS = 2
#: Seconds after which a request counts as failed, however slowly its answer drips in.
DEADLINE = 60.0
#: Seconds after which the connection is read again, to notice that somebody changed it.
REREAD_EVERY = 600.0


class Client(Protocol):
    """What the clients of Phrase's products have in common."""

    session: PhraseSession

    def close(self) -> None: ...


class RequestExecutor:
    """
    Makes calls on behalf of an event loop, which never blocks on a request.

    :param connect: reads the connection and makes a client that does not repeat calls.
    :param per_minute: most requests in a minute.
    """

    def __init__(self, connect: Callable[[], Awaitable[Client]], per_minute: float) -> None:
        self._connect = connect
        self._rate_limiter = RateLimiter(per_minute)
        self._client: Client | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self._slots = asyncio.Semaphore(THREADS)
        self._threads = DaemonThreads(THREADS, "phrase-hub")
        self._running: set[asyncio.Future[Any]] = set()

    async def ask(self, call: Call[T]) -> T:
        """
        Return the answer to one call, made when it is its turn.

        A 401 that a new token does not mend reads the connection again, whoever gave it: its API token may
        have changed.

        :param call: gets the client, in a thread.
        :raises PhraseError: as the call does; no answer within 60 s.
        """
        client = await self._current()
        try:
            return await self._send(client, call)
        except (PhraseAuthenticationError, PhraseGatewayError) as error:
            if isinstance(error, PhraseGatewayError) and error.status != HTTPStatus.UNAUTHORIZED:
                raise
            changed = await self._reread(client)
            if changed is client:
                raise
            return await self._send(changed, call)

    def hold_off(self, seconds: float) -> None:
        """Send nothing for some seconds: see :meth:`RateLimiter.hold_off`."""
        self._rate_limiter.hold_off(seconds)

    def close(self) -> None:
        """Abandon what runs, and close the connections."""
        for future in self._running:
            future.cancel()
        self._threads.close()
        if self._client:
            self._client.close()

    async def _current(self) -> Client:
        now = asyncio.get_running_loop().time()
        if self._client is None:
            return await self._reread(None)
        if now - self._read_at > REREAD_EVERY:
            try:
                return await self._reread(self._client)
            except PhraseConnectionError as error:
                log.warning("The connection cannot be read again, the old one stays in use. %s", error)
        return self._client

    async def _reread(self, old: Client | None) -> Client:
        """Read the connection, unless somebody did meanwhile; return the old client if nothing changed."""
        async with self._reading:
            if self._client is not old and self._client is not None:
                return self._client
            self._read_at = asyncio.get_running_loop().time()
            new = await self._connect()
            if old and new.session.settings == old.session.settings:
                new.close()
                return old
            if old:
                old.close()
            self._client = new
            return new

    async def _send(self, client: Client, call: Call[T]) -> T:
        refusals = self._rate_limiter.refusals
        future: asyncio.Future[T] | None = None
        await self._slots.acquire()
        try:
            async with self._rate_limiter.turn(refusals) as turn:
                future = self._threads.run(lambda: call(client))
                try:
                    answer = await self._answer(future)
                except PhraseError as error:
                    self._rate_limiter.failed(error, turn)
                    raise
                self._rate_limiter.answered(client.session.quota, turn)
                return answer
        finally:
            # Not before the rate limiter knows the outcome: the next one depends on it.
            self._free_slot(future)

    def _free_slot(self, future: asyncio.Future[T] | None) -> None:
        if future is None or future.done():
            self._slots.release()
        else:
            # A thread that goes on beyond the deadline keeps its slot: it is not free.
            future.add_done_callback(lambda _: self._slots.release())

    async def _answer(self, future: asyncio.Future[T]) -> T:
        self._running.add(future)
        future.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.shield(future), DEADLINE)
        except TimeoutError as error:
            raise PhraseTransportError(
                f"No whole answer within {DEADLINE:.0f} s", hint="Phrase or the network is slow: try again."
            ) from error

    def _ended(self, future: asyncio.Future[T]) -> None:
        self._running.discard(future)
        if not future.cancelled():
            # Looked at, so that asyncio does not complain when nobody waits for it any more.
            future.exception()
