"""ASGI middleware that writes the state."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from phrase_provider.simulator.core.persistence.folder import StateFolder
    from phrase_provider.simulator.core.state import BaseState

_READING = frozenset({"GET", "HEAD"})
_CHEAP = 500_000
"""Bytes up to which the state is written at each change: some 2,000 job parts, which takes 10 ms."""
_INTERVAL = 1
"""Seconds."""


class StateWriter:
    """
    Writes the state before a request that changed it is answered, and at shutdown.

    A state so large that requests would have to wait for it is written once a second instead.

    :param app: answers requests.
    :param folder: is written.
    :param state: has the mark of unsaved changes.
    """

    def __init__(self, app: ASGIApp, folder: StateFolder, state: BaseState) -> None:
        self._app = app
        self._folder = folder
        self._state = state
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._run(scope, receive, send)
            return

        async def send_when_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._state.unsaved |= scope["method"] not in _READING
                if self._state.unsaved and self._size <= _CHEAP:
                    self._save()
            await send(message)

        await self._app(scope, receive, send_when_kept)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve for the lifetime of the server; a first write shows errors at the start."""
        self._save()
        writing = asyncio.create_task(self._write_periodically())
        try:
            await self._app(scope, receive, send)
        finally:
            writing.cancel()
            self._save()

    async def _write_periodically(self) -> None:
        """Write changes that no request has written."""
        while True:
            await asyncio.sleep(_INTERVAL)
            try:
                if self._state.unsaved:
                    self._save()
                else:
                    self._folder.touch()
            except OSError as error:
                self._state.unsaved = True
                sys.stderr.write(f"phrase-simulator: the state cannot be written: {error}\n")

    def _save(self) -> None:
        self._size = self._folder.save()
        self._state.unsaved = False
