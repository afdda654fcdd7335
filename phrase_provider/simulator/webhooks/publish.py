"""Telling the outside what happened: webhooks and callbacks."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms import serializers as render
from phrase_provider.simulator.webhooks import payloads
from phrase_provider.simulator.webhooks.deliveries import Delivery
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.entities.projects import AsyncRequest, JobPart, Project
    from phrase_provider.simulator.tms.state import World
    from phrase_provider.simulator.webhooks.entities import Webhook
    from phrase_provider.simulator.webhooks.payloads import Json


def job_event(
    world: World, event: WebhookEvent, parts: Sequence[JobPart], at: float, error: str | None = None
) -> None:
    """
    Tell subscribers of something that happened to job parts.

    New parts are told of one by one, unless the settings say otherwise.

    :param at: epoch seconds of simulated time.
    :param error: why an export failed, for ``JOB_UNEXPORTED``.
    """
    apart = event is WebhookEvent.JOB_CREATED and not world.settings.job_created_together
    for told in [[part] for part in parts] if apart else [parts]:
        if told:
            _tell(world, event, at, partial(payloads.of_jobs, world, event, told, error))


def project_event(world: World, event: WebhookEvent, project: Project, at: float) -> None:
    """Tell subscribers of something that happened to a project."""
    _tell(world, event, at, partial(payloads.of_project, project))


def analysis_created(world: World, analysis: Analysis, at: float) -> None:
    """Tell subscribers of an analysis."""
    _tell(world, WebhookEvent.ANALYSIS_CREATED, at, partial(payloads.of_analysis, analysis))


def request_ended(world: World, request: AsyncRequest, at: float, details: Json | None = None) -> None:
    """
    Tell subscribers and the request's callback that an async request is over.

    :param details: the result of its action, such as ``{"analyse": …}``; the job parts unless given.
    """
    _tell(world, WebhookEvent.ASYNC_REQUEST_FINISHED, at, partial(_asked, request))
    if request.callback_url:
        parts = [part for uid in request.job_uids if (part := world.parts.get(uid))]
        told = (
            {"jobParts": [payloads.job_part(world, part) for part in parts]} if details is None else details
        )
        callback = Delivery(
            uid=world.deliveries.uid(),
            url=request.callback_url,
            body=_text({**_asked(request), **told}),
            due=at,
            request_id=request.id,
        )
        world.deliveries.plan(world.schedule, callback)


def _asked(request: AsyncRequest) -> Json:
    return {"asyncRequest": render.async_request(request)}


def send_sample(world: World, webhook: Webhook, event: WebhookEvent, content: Json) -> None:
    """Send a webhook something that did not happen, once, even if it is off."""
    _plan(world, [webhook], event, world.clock.now(), content, forced=True)


def answered(world: World, delivery: Delivery, status: int | None, error: str | None) -> None:
    """
    Note what became of a delivery: too many failures in a row switch its webhook off.

    :param status: HTTP status; ``None`` when no answer came.
    """
    world.deliveries.answer(world.schedule, delivery, status, error)
    world.unsaved = True
    if delivery.webhook:
        limit = world.settings.webhook_failure_limit
        delivery.webhook.note_attempt(succeeded=delivery.succeeded, limit=limit)


def _tell(world: World, event: WebhookEvent, at: float, content: Callable[[], Json]) -> None:
    """Plan a delivery to each webhook that asked for the event; without one, nothing is rendered."""
    subscribed = [hook for hook in world.webhooks.values() if hook.enabled and event in hook.events]
    if subscribed:
        _plan(world, subscribed, event, at, content())


def _plan(
    world: World,
    webhooks: Sequence[Webhook],
    event: WebhookEvent,
    at: float,
    content: Json,
    *,
    forced: bool = False,
) -> None:
    event_uid = world.deliveries.event_uid(f"{event}/{at}/{content}")
    body = _text(payloads.envelope(event, event_uid, at, content))
    for webhook in webhooks:
        delivery = Delivery(
            uid=world.deliveries.uid(),
            url=webhook.url,
            body=body,
            due=at,
            event=event,
            event_uid=event_uid,
            webhook=webhook,
            forced=forced,
        )
        world.deliveries.plan(world.schedule, delivery)


def _text(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False)
