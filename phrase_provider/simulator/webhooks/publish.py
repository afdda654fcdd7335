"""Publishing: the events of Phrase TMS become deliveries to webhooks and callbacks."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.events import (
    AnalysisCreated,
    AsyncRequestFinished,
    JobEvent,
    JobEventType,
    ProjectEvent,
)
from phrase_provider.simulator.webhooks import payloads
from phrase_provider.simulator.webhooks.deliveries import DELIVER, Delivery
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.simulator.tms.serializers import Json
    from phrase_provider.simulator.webhooks.entities import Webhook
    from phrase_provider.simulator.webhooks.state import WebhookState


def subscribe(hooks: WebhookState) -> None:
    """Subscribe to the events of the TMS and to the schedule of deliveries."""
    events = hooks.tms.events
    events.subscribe(JobEvent, partial(publish_job_event, hooks))
    events.subscribe(ProjectEvent, partial(publish_project_event, hooks))
    events.subscribe(AnalysisCreated, partial(publish_analysis, hooks))
    events.subscribe(AsyncRequestFinished, partial(publish_async_request, hooks))
    hooks.tms.on_due(DELIVER, lambda event: hooks.deliveries.release(event.subject))


def publish_job_event(hooks: WebhookState, event: JobEvent) -> None:
    """Publish an event of job parts; new parts one by one, unless the settings say otherwise."""
    kind = WebhookEvent(event.type)
    apart = event.type is JobEventType.JOB_CREATED and not hooks.tms.settings.job_created_together
    for parts in [[part] for part in event.parts] if apart else [event.parts]:
        if parts:
            _publish(hooks, kind, event.at, partial(payloads.of_jobs, hooks.tms, kind, parts, event.error))


def publish_project_event(hooks: WebhookState, event: ProjectEvent) -> None:
    """Publish an event of a project."""
    _publish(hooks, WebhookEvent(event.type), event.at, partial(payloads.of_project, event.project))


def publish_analysis(hooks: WebhookState, event: AnalysisCreated) -> None:
    """Publish a finished analysis."""
    _publish(hooks, WebhookEvent.ANALYSIS_CREATED, event.at, partial(payloads.of_analysis, event.analysis))


def publish_async_request(hooks: WebhookState, event: AsyncRequestFinished) -> None:
    """Publish a finished async request to webhooks and to its callback."""
    request = event.request
    content = partial(payloads.of_async_request, request)
    _publish(hooks, WebhookEvent.ASYNC_REQUEST_FINISHED, event.at, content)
    if request.callback_url:
        callback = Delivery(
            uid=hooks.deliveries.uid(),
            url=request.callback_url,
            body=_text(payloads.of_callback(hooks.tms, request, event.result)),
            due=event.at,
            request_id=request.id,
        )
        hooks.deliveries.plan(hooks.tms.schedule, callback)


def send_sample(hooks: WebhookState, webhook: Webhook, event: WebhookEvent, content: Json) -> None:
    """Send a sample event to a webhook, once, even if it is disabled."""
    _plan(hooks, [webhook], event, hooks.tms.clock.now(), content, forced=True)


def record_attempt(hooks: WebhookState, delivery: Delivery, status: int | None, error: str | None) -> None:
    """
    Record the outcome of a delivery; too many consecutive failures disable its webhook.

    :param status: HTTP status; ``None`` when no answer came.
    """
    hooks.deliveries.answer(hooks.tms.schedule, delivery, status, error)
    hooks.tms.unsaved = True
    if delivery.webhook:
        limit = hooks.tms.settings.webhook_failure_limit
        delivery.webhook.record_attempt(succeeded=delivery.succeeded, limit=limit)


def _publish(hooks: WebhookState, event: WebhookEvent, at: float, content: Callable[[], Json]) -> None:
    """Schedule a delivery to each subscribed webhook; ``content`` is only called if there is one."""
    subscribed = [hook for hook in hooks.webhooks.values() if hook.enabled and event in hook.events]
    if subscribed:
        _plan(hooks, subscribed, event, at, content())


def _plan(
    hooks: WebhookState,
    webhooks: Sequence[Webhook],
    event: WebhookEvent,
    at: float,
    content: Json,
    *,
    forced: bool = False,
) -> None:
    event_uid = hooks.deliveries.event_uid(f"{event}/{at}/{content}")
    body = _text(payloads.envelope(event, event_uid, at, content))
    for webhook in webhooks:
        delivery = Delivery(
            uid=hooks.deliveries.uid(),
            url=webhook.url,
            body=body,
            due=at,
            event=event,
            event_uid=event_uid,
            webhook=webhook,
            forced=forced,
        )
        hooks.deliveries.plan(hooks.tms.schedule, delivery)


def _text(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False)
