"""The way of a request: time moves, it is noted, a fault may meet it, it is answered, the answer is noted."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from phrase_provider.simulator.server.limits import LARGEST_BODY
from phrase_provider.simulator.server.messages import Answer, ask, bounded, read_incoming
from phrase_provider.simulator.server.paths import is_api

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from phrase_provider.simulator.core.scheduler import Scheduler
    from phrase_provider.simulator.core.state import BaseState
    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.server.connections import Connections
    from phrase_provider.simulator.server.faults import FaultRule, Faults
    from phrase_provider.simulator.server.limits import Limits
    from phrase_provider.simulator.server.messages import Incoming
    from phrase_provider.simulator.server.request_log import Journal


class Exchanges:
    """
    Wraps the whole application; what is not Phrase's API (pages, ``/_simulator``) is let through as it is.

    :param app: answers requests.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        state: BaseState,
        tokens: Tokens,
        journal: Journal,
        faults: Faults,
        limits: Limits,
        connections: Connections,
        scheduler: Scheduler,
    ) -> None:
        self._app = app
        self._state = state
        self._tokens = tokens
        self._journal = journal
        self._faults = faults
        self._limits = limits
        self._connections = connections
        self._scheduler = scheduler
        self._background: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._scheduler.tick()
        try:
            await self._meet(scope, receive, send)
        finally:
            # What the request changed is told outside after its answer.
            self._scheduler.tick()

    async def _meet(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_api(scope["path"]):
            await self._app(scope, bounded(receive, LARGEST_BODY), send)
            return
        incoming = await read_incoming(scope, receive, self._limits.body_size(scope["path"]))
        if incoming is None:
            return
        with self._limits.running(incoming):
            await self._exchange(incoming, receive, send)

    async def _exchange(self, incoming: Incoming, receive: Receive, send: Send) -> None:
        active = self._faults.meeting(incoming)
        entry = self._journal.arrived(incoming, active.number if active else None)
        answer = None
        try:
            answer = await (
                self._spoil(active.rule, incoming, receive) if active else self._ask(incoming, receive)
            )
        finally:
            self._journal.answered(entry, incoming, answer)
        if answer is not None:
            await self._deliver(answer, incoming, send)

    async def _spoil(self, rule: FaultRule, incoming: Incoming, receive: Receive) -> Answer | None:
        """Answer a request that a rule meets; ``None`` when it gets no answer."""
        client = incoming.scope["client"]
        if rule.reset_before:
            self._connections.reset(client)
            return None
        if rule.late is not None:
            self._connections.reset(client)
            self._background.add(task := asyncio.create_task(self._take_effect_later(rule, incoming)))
            task.add_done_callback(self._background.discard)
            return None
        if rule.hang:
            await _until_gone(receive)
            return None
        if rule.expire_token:
            self._tokens.expire(incoming.header("authorization"))
        await asyncio.sleep(rule.delay or 0)
        instead = self._faults.instead(rule)
        if instead is not None:
            return await self._put_in_place(instead, rule, incoming, receive)
        answer = await self._ask(incoming, receive)
        if rule.hang_after:
            await _until_gone(receive)
            return None
        return self._faults.cut(client, answer, rule)

    async def _put_in_place(
        self, instead: Answer, rule: FaultRule, incoming: Incoming, receive: Receive
    ) -> Answer:
        if rule.takes_effect:
            await self._ask(incoming, receive)
        if not rule.is_page:
            instead.headers.append(_action_id())
        return instead

    async def _take_effect_later(self, rule: FaultRule, incoming: Incoming) -> None:
        await asyncio.sleep(rule.late or 0)
        if self._faults.in_force(rule):
            await self._ask(incoming, _gone)
            self._scheduler.tick()

    async def _ask(self, incoming: Incoming, receive: Receive) -> Answer:
        self._state.run_due()
        refused = self._limits.over_quota(incoming)
        if refused is not None:
            return refused
        refused = self._limits.over_capacity(incoming) or self._limits.over_size(incoming)
        answer = refused or await ask(self._app, incoming, receive)
        answer.headers += [_action_id(), *self._limits.headers(incoming)]
        return answer

    async def _deliver(self, answer: Answer, incoming: Incoming, send: Send) -> None:
        promised = dict(answer.headers).get(b"content-length")
        if promised is None or int(promised) <= len(answer.body):
            await answer.deliver(send)
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": True})
        self._connections.close(incoming.scope["client"])
        await asyncio.sleep(0)


def _action_id() -> tuple[bytes, bytes]:
    return b"memsource-action-id", uuid.uuid4().hex.encode()


async def _gone() -> Message:
    return {"type": "http.disconnect"}


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
