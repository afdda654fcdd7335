"""The control API ``/_simulator``: faults, requests, clock, settings, tokens, job commands, reset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.clock import FASTEST, rest_date
from phrase_provider.simulator.core.errors import bad_request, validation_error
from phrase_provider.simulator.core.settings import Settings
from phrase_provider.simulator.server.faults import FaultRule
from phrase_provider.simulator.server.masking import masked_url
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions import job_commands
from phrase_provider.simulator.tms.schemas.base import parse

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.core.scheduler import Scheduler
    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.server.faults import Faults
    from phrase_provider.simulator.server.limits import Limits
    from phrase_provider.simulator.server.request_log import RequestLog
    from phrase_provider.simulator.tms.entities import Mail
    from phrase_provider.simulator.tms.state import State
    from phrase_provider.simulator.webhooks.deliveries import Delivery
    from phrase_provider.simulator.webhooks.state import WebhookState

_LONGEST_ADVANCE = 10 * 365 * 86400
"""Seconds."""


class ClockChange(BaseModel):
    """A change of the clock: seconds to ``advance``, a new ``speed``, or both."""

    model_config = ConfigDict(extra="forbid")

    advance: Annotated[float, Field(ge=0, le=_LONGEST_ADVANCE)] = 0
    speed: Annotated[float, Field(ge=0, le=FASTEST)] | None = None

    def apply(self, state: State) -> None:
        """Change the clock, and run the events that this makes due."""
        if self.speed is not None:
            state.clock.set_speed(self.speed)
        state.clock.advance(self.advance)
        state.run_due()


class Control:
    """The control API for tests. It needs no token, so the simulator belongs on a private address."""

    def __init__(
        self,
        state: State,
        webhooks: WebhookState,
        tokens: Tokens,
        faults: Faults,
        limits: Limits,
        request_log: RequestLog,
        scheduler: Scheduler,
    ) -> None:
        self._state = state
        self._webhooks = webhooks
        self._tokens = tokens
        self._faults = faults
        self._limits = limits
        self._request_log = request_log
        self._scheduler = scheduler

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/faults", self.list_faults, methods=["GET"]),
            Route("/faults", self.add_fault, methods=["POST"]),
            Route("/faults", self.clear_faults, methods=["DELETE"]),
            Route("/requests", self.list_requests, methods=["GET"]),
            Route("/deliveries", self.list_deliveries, methods=["GET"]),
            Route("/mails", self.list_mails, methods=["GET"]),
            Route("/clock", self.get_clock, methods=["GET"]),
            Route("/clock", self.set_clock, methods=["POST"]),
            Route("/settings", self.get_settings, methods=["GET"]),
            Route("/settings", self.change_settings, methods=["POST"]),
            Route("/tokens/expire", self.expire_tokens, methods=["POST"]),
            Route("/jobs/{uid}/{command}", self.command_job, methods=["POST"]),
            Route("/reset", self.reset, methods=["POST"]),
        ]

    async def list_faults(self, _: Request) -> JSONResponse:
        return JSONResponse({"faults": self._faults.describe()})

    async def add_fault(self, request: Request) -> JSONResponse:
        """Add a :class:`.server.faults.FaultRule`; answer its ``id``."""
        rule = parse(FaultRule, await request.body())
        return JSONResponse({"id": self._faults.add(rule)}, 201)

    async def clear_faults(self, _: Request) -> JSONResponse:
        self._faults.clear()
        return JSONResponse({"faults": []})

    async def list_requests(self, request: Request) -> JSONResponse:
        """List requests, oldest first; query ``method`` and ``path`` (a regular expression)."""
        method, path = request.query_params.get("method"), request.query_params.get("path")
        try:
            found = self._request_log.find(method, path)
        except ValueError as error:
            raise bad_request(f"path: {error}") from None
        return JSONResponse({"requests": found})

    async def list_deliveries(self, request: Request) -> JSONResponse:
        """List deliveries, oldest first; query ``webhook`` (uid), ``event`` and ``asyncRequest`` (id)."""
        query = request.query_params
        wanted = {key: query[key] for key in ("webhook", "event", "asyncRequest") if key in query}
        found = [item for item in self._webhooks.deliveries if wanted.items() <= _subject(item).items()]
        return JSONResponse({"deliveries": [_serialize(delivery) for delivery in found]})

    async def list_mails(self, request: Request) -> JSONResponse:
        """List the mails that Phrase would have sent, oldest first; query ``job`` (uid) and ``occasion``."""
        query = request.query_params
        wanted = {key: query[key] for key in ("job", "occasion") if key in query}
        mails = [_mail(self._state, mail) for mail in self._state.mails]
        return JSONResponse({"mails": [mail for mail in mails if wanted.items() <= mail.items()]})

    async def get_clock(self, _: Request) -> JSONResponse:
        clock = self._state.clock
        return JSONResponse({"now": rest_date(clock.now()), "epoch": clock.now(), "speed": clock.speed})

    async def set_clock(self, request: Request) -> JSONResponse:
        """
        Change the clock: ``advance`` (simulated seconds) or ``speed``.

        It answers when everything due has happened and webhooks and callbacks were delivered, unless their
        receivers take more than a few seconds.
        """
        parse(ClockChange, await request.body()).apply(self._state)
        await self._scheduler.settle()
        return await self.get_clock(request)

    async def get_settings(self, _: Request) -> JSONResponse:
        return JSONResponse(self._state.settings.model_dump())

    async def change_settings(self, request: Request) -> JSONResponse:
        """Change some of :class:`.core.settings.Settings`; the others stay."""
        try:
            sent = json.loads(await request.body() or b"{}")
            self._state.settings = Settings.model_validate({**self._state.settings.model_dump(), **sent})
        except ValidationError as error:
            raise validation_error(error) from None
        except (ValueError, TypeError):
            raise bad_request("The body must be a JSON object.") from None
        return await self.get_settings(request)

    async def expire_tokens(self, _: Request) -> JSONResponse:
        """Revoke all access tokens and logins."""
        self._tokens.expire_all()
        return JSONResponse({"expired": True})

    async def command_job(self, request: Request) -> JSONResponse:
        """Run one of :data:`.tms.actions.job_commands.COMMANDS`; answer the job."""
        part = self._state.part_by_uid(request.path_params["uid"])
        job_commands.run(self._state, request.path_params["command"], part)
        return JSONResponse(serializers.job(part))

    async def reset(self, _: Request) -> JSONResponse:
        """Reset everything; access tokens stay valid."""
        self._state.reset()
        self._webhooks.reset()
        self._scheduler.forget()
        self._faults.clear()
        self._limits.clear()
        self._request_log.clear()
        return JSONResponse({"reset": True})


def _mail(state: State, mail: Mail) -> serializers.Json:
    """Return a mail as JSON; ``to`` is the name of its recipient."""
    to = state.provider_name(mail.to)
    return {"at": rest_date(mail.at), "occasion": mail.occasion, "to": to, "job": mail.job_uid}


def _subject(delivery: Delivery) -> serializers.Json:
    """Return the fields that deliveries can be filtered by."""
    return {
        "webhook": delivery.webhook.uid if delivery.webhook else None,
        "event": delivery.event,
        "asyncRequest": delivery.request_id,
    }


def _serialize(delivery: Delivery) -> serializers.Json:
    """Return a delivery as JSON."""
    return {
        **_subject(delivery),
        "eventUid": delivery.event_uid,
        "url": masked_url(delivery.url),
        "at": rest_date(delivery.due),
        "retryAttempt": delivery.retry,
        "forced": delivery.forced,
        "answered": delivery.answered,
        "succeeded": delivery.succeeded,
        "statusCode": delivery.status,
        "errorMessage": delivery.error,
        "body": json.loads(delivery.body),
    }
