"""Webhooks: create, list, read, change, delete, test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.http.filters import contains, shares
from phrase_provider.simulator.tms.http.paging import PageQuery, Query, page, read_query
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.webhooks import publish, samples, serializers
from phrase_provider.simulator.webhooks.context import webhook_of, webhook_state_of
from phrase_provider.simulator.webhooks.entities import Webhook, WebhookStatus
from phrase_provider.simulator.webhooks.events import WebhookEvent
from phrase_provider.simulator.webhooks.schemas import WriteWebhook

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.requests import Request

_SORT_KEYS: dict[str, Callable[[Webhook], Any]] = {
    "id": lambda hook: int(hook.id),
    "name": lambda hook: (hook.name or "").casefold(),
    "url": lambda hook: hook.url,
    "status": lambda hook: hook.status,
    "created": lambda hook: hook.created,
    "lastmodified": lambda hook: hook.modified,
}


class WebhookQuery(PageQuery):
    """Query of :func:`list_webhooks`."""

    name: str | None = None
    url: str | None = None
    status: WebhookStatus | None = None
    events: list[WebhookEvent] = Field(default_factory=list)
    created_by: list[str] = Field(default_factory=list)
    modified_by: list[str] = Field(default_factory=list)
    sort_field: str = "id"
    sort_trend: Annotated[Literal["ASC", "DESC"], CaseInsensitive()] = "ASC"


class EventQuery(Query):
    """Query of :func:`send_test`."""

    event: WebhookEvent


class PreviewQuery(Query):
    """Query of :func:`get_previews`; all events unless some are named."""

    events: list[WebhookEvent] = Field(default_factory=list)


def _matches(hook: Webhook, query: WebhookQuery) -> bool:
    return (
        contains(hook.name or "", query.name)
        and contains(hook.url, query.url)
        and query.status in (None, hook.status)
        and shares(query.events, hook.events)
        and shares(query.created_by, [hook.created_by.uid])
        and shares(query.modified_by, [hook.modified_by.uid])
    )


async def list_webhooks(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v2/webhooks``; the values of ``sortField`` are not documented."""
    state, query = state_of(request), read_query(request, WebhookQuery)
    key = _SORT_KEYS.get(query.sort_field.replace("_", "").lower())
    if key is None:
        raise bad_request(f"sortField: unknown field {query.sort_field}")
    found = [hook for hook in webhook_state_of(request).webhooks.values() if _matches(hook, query)]
    found.sort(key=key, reverse=query.sort_trend == "DESC")
    return await page(state, query, found, serializers.webhook)


async def create_webhook(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v2/webhooks``."""
    state = state_of(request)
    body = await read_body(request, WriteWebhook)
    now = state.clock.now()
    hook = Webhook(
        id=str(state.ids.number("webhook")),
        uid=state.ids.uid(),
        url=body.url,
        events=body.events,
        created=now,
        created_by=state.user,
        modified=now,
        modified_by=state.user,
    )
    _write(hook, body)
    webhook_state_of(request).webhooks[hook.uid] = hook
    return JSONResponse(serializers.webhook(hook), 201)


async def get_webhook(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v2/webhooks/{webHookUid}``."""
    return JSONResponse(serializers.webhook(webhook_of(request)))


async def update_webhook(request: Request) -> JSONResponse:
    """
    Handle ``PUT /api2/v2/webhooks/{webHookUid}``.

    Replaces all fields; an enabled webhook starts without failures.
    """
    state, hook = state_of(request), webhook_of(request)
    body = await read_body(request, WriteWebhook)
    _write(hook, body)
    hook.modified, hook.modified_by = state.clock.now(), state.user
    return JSONResponse(serializers.webhook(hook))


def _write(hook: Webhook, body: WriteWebhook) -> None:
    hook.url, hook.name, hook.hidden = body.url, body.name, body.hidden
    hook.events = list(dict.fromkeys(body.events))
    hook.secret, hook.secret_type = body.secret_token or None, body.secret_token_type
    hook.status = body.status
    if hook.enabled:
        hook.failed_attempts = 0


async def delete_webhook(request: Request) -> Response:
    """Handle ``DELETE /api2/v2/webhooks/{webHookUid}``: 204; scheduled deliveries are not sent any more."""
    hook = webhook_of(request)
    hook.status = WebhookStatus.DISABLED
    del webhook_state_of(request).webhooks[hook.uid]
    return Response(status_code=204)


async def send_test(request: Request) -> Response:
    """Handle ``POST /api2/v2/webhooks/{webHookUid}/test``: 201; 400 for an event without subscription."""
    hooks, hook = webhook_state_of(request), webhook_of(request)
    event = read_query(request, EventQuery).event
    if event not in hook.events:
        raise bad_request(f"The webhook is not subscribed to {event}.")
    publish.send_sample(hooks, hook, event, samples.content(hooks.tms, event))
    return Response(status_code=201)


async def get_previews(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v2/webhooks/previews``: for each event a body as JSON text."""
    state, query = state_of(request), read_query(request, PreviewQuery)
    shown = [
        {"event": event, "preview": json.dumps(samples.body(state, event))}
        for event in query.events or WebhookEvent
    ]
    return JSONResponse({"previews": shown})


routes = [
    Route("/api2/v2/webhooks", list_webhooks, methods=["GET"]),
    Route("/api2/v2/webhooks", create_webhook, methods=["POST"]),
    Route("/api2/v2/webhooks/previews", get_previews, methods=["GET"]),
    Route("/api2/v2/webhooks/{webHookUid}", get_webhook, methods=["GET"]),
    Route("/api2/v2/webhooks/{webHookUid}", update_webhook, methods=["PUT"]),
    Route("/api2/v2/webhooks/{webHookUid}", delete_webhook, methods=["DELETE"]),
    Route("/api2/v2/webhooks/{webHookUid}/test", send_test, methods=["POST"]),
]
