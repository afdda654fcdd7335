"""Webhook calls: list, replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.errors import not_found
from phrase_provider.simulator.tms.http.paging import PageQuery, Query, page, read_query
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.webhooks import serializers
from phrase_provider.simulator.webhooks.context import webhook_state_of
from phrase_provider.simulator.webhooks.events import WebhookEvent  # noqa: TC001 - for pydantic
from phrase_provider.simulator.webhooks.schemas import ReplayCalls

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.webhooks.deliveries import Delivery
    from phrase_provider.simulator.webhooks.state import WebhookState

_STATUS = r"^(SUCCESSFUL|FAILED|[1-5]\d\d)$"
"""The values of ``status`` are not documented; here, an HTTP status is accepted, too."""


class CallFilters(Query):
    """Filters of the list and of the replay."""

    events: list[WebhookEvent] = Field(default_factory=list)
    status: Annotated[str, Field(pattern=_STATUS)] | None = None


class CallQuery(CallFilters, PageQuery):
    """Query of :func:`list_calls`."""

    parent_uid: str | None = None
    webhook_event_uid: str | None = None
    webhook_uid: str | None = None


class LatestQuery(CallFilters):
    """Query of :func:`replay_latest`."""

    number_of_calls: int = Field(default=5, ge=1, le=1000)


def _calls(hooks: WebhookState, query: CallFilters) -> list[tuple[Delivery, str]]:
    """Return the calls that match the filters, newest first, each with its webhook's uid."""
    hooks.deliveries.forget_old(hooks.tms.clock.now())
    found = [
        (delivery, delivery.webhook.uid)
        for delivery in hooks.deliveries
        if delivery.webhook and _passes(delivery, query)
    ]
    return found[::-1]


def _passes(delivery: Delivery, query: CallFilters) -> bool:
    if query.events and delivery.event not in query.events:
        return False
    if query.status is None:
        return True
    outcome = "SUCCESSFUL" if delivery.succeeded else "FAILED"
    return delivery.answered and query.status in (outcome, str(delivery.status))


async def list_calls(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/webhooksCalls``, newest first."""
    hooks, query = webhook_state_of(request), read_query(request, CallQuery)
    found = [
        delivery
        for delivery, webhook_uid in _calls(hooks, query)
        if query.parent_uid in (None, delivery.parent)
        and query.webhook_event_uid in (None, delivery.event_uid)
        and query.webhook_uid in (None, webhook_uid)
    ]
    return await page(hooks.tms, query, found, serializers.webhook_call)


async def replay(request: Request) -> Response:
    """Handle ``POST /api2/v1/webhooksCalls/replay``: 202; sends the calls again in the order given."""
    hooks = webhook_state_of(request)
    body = await read_body(request, ReplayCalls, optional=True)
    chosen = [_call(hooks, call.uid) for call in body.webhook_calls]
    for delivery in chosen:
        hooks.deliveries.replay(hooks.tms.schedule, delivery, hooks.tms.clock.now())
    return Response(status_code=202)


def _call(hooks: WebhookState, uid: str) -> Delivery:
    delivery = hooks.deliveries.get(uid)
    if delivery is None or delivery.webhook is None:
        raise not_found("Webhook call", uid)
    return delivery


async def replay_latest(request: Request) -> Response:
    """
    Handle ``POST /api2/v1/webhooksCalls/replay/latest``.

    202; sends the newest calls again, the oldest first.
    """
    hooks, query = webhook_state_of(request), read_query(request, LatestQuery)
    newest = _calls(hooks, query)[: query.number_of_calls]
    for delivery, _ in reversed(newest):
        hooks.deliveries.replay(hooks.tms.schedule, delivery, hooks.tms.clock.now())
    return Response(status_code=202)


routes = [
    Route("/api2/v1/webhooksCalls", list_calls, methods=["GET"]),
    Route("/api2/v1/webhooksCalls/replay", replay, methods=["POST"]),
    Route("/api2/v1/webhooksCalls/replay/latest", replay_latest, methods=["POST"]),
]
