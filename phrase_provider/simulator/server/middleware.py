"""The outermost middleware: runs due events, applies faults and limits, records requests and answers."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from phrase_provider.simulator.server.limits import LARGEST_BODY
from phrase_provider.simulator.server.messages import Answer, call_app, limit_body, read_incoming
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
    from phrase_provider.simulator.server.request_log import RequestLog


class RequestMiddleware:
    """
    ASGI middleware around the whole application; pages and ``/_simulator`` are passed through.

    :param app: answers requests.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        state: BaseState,
        tokens: Tokens,
        request_log: RequestLog,
        faults: Faults,
        limits: Limits,
        connections: Connections,
        scheduler: Scheduler,
    ) -> None:
        self._app = app
        self._state = state
        self._tokens = tokens
        self._request_log = request_log
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
            await self._pass_on(scope, receive, send)
        finally:
            # Messages about what the request changed are sent after its answer.
            self._scheduler.tick()

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_api(scope["path"]):
            await self._app(scope, limit_body(receive, LARGEST_BODY), send)
            return
        incoming = await read_incoming(scope, receive, self._limits.body_size(scope["path"]))
        if incoming is None:
            return
        with self._limits.running(incoming):
            await self._exchange(incoming, receive, send)

    async def _exchange(self, incoming: Incoming, receive: Receive, send: Send) -> None:
        active = self._faults.find_match(incoming)
        entry = self._request_log.record_request(incoming, active.number if active else None)
        answer = None
        try:
            answer = await (
                self._apply_fault(active.rule, incoming, receive)
                if active
                else self._answer(incoming, receive)
            )
        finally:
            self._request_log.record_answer(entry, incoming, answer)
        if answer is not None:
            await self._deliver(answer, incoming, send)

    async def _apply_fault(self, rule: FaultRule, incoming: Incoming, receive: Receive) -> Answer | None:
        """Return the answer to a request that a rule applies to; ``None`` when it gets none."""
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
        replacement = self._faults.replacement(rule)
        if replacement is not None:
            return await self._replace(replacement, rule, incoming, receive)
        answer = await self._answer(incoming, receive)
        if rule.hang_after:
            await _until_gone(receive)
            return None
        return self._faults.damage(client, answer, rule)

    async def _replace(
        self, replacement: Answer, rule: FaultRule, incoming: Incoming, receive: Receive
    ) -> Answer:
        if rule.takes_effect:
            await self._answer(incoming, receive)
        if not rule.is_page:
            replacement.headers.append(_action_id())
        return replacement

    async def _take_effect_later(self, rule: FaultRule, incoming: Incoming) -> None:
        await asyncio.sleep(rule.late or 0)
        if self._faults.in_force(rule):
            await self._answer(incoming, _gone)
            self._scheduler.tick()

    async def _answer(self, incoming: Incoming, receive: Receive) -> Answer:
        self._state.run_due()
        refused = self._limits.over_quota(incoming)
        if refused is not None:
            return refused
        refused = self._limits.over_capacity(incoming) or self._limits.over_size(incoming)
        answer = refused or await call_app(self._app, incoming, receive)
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
