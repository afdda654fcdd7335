"""Webhooks and webhook calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.serializers.common import user

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.serializers.common import Json
    from phrase_provider.simulator.webhooks.deliveries import Delivery
    from phrase_provider.simulator.webhooks.entities import Webhook


def webhook(hook: Webhook) -> Json:
    """Return ``WebHookDtoV2``; Phrase shows the secret to whoever may read webhooks."""
    return {
        "id": hook.id,
        "uid": hook.uid,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "status": hook.status,
        "secretToken": hook.secret,
        "secretTokenType": hook.secret_type,
        "hidden": hook.hidden,
        "failedAttempts": hook.failed_attempts,
        "created": rest_date(hook.created),
        "createdBy": user(hook.created_by),
        "lastModified": rest_date(hook.modified),
        "lastModifiedBy": user(hook.modified_by),
    }


def webhook_call(delivery: Delivery) -> Json:
    """Return ``WebhookCallDtoV1``."""
    return {
        "uid": delivery.uid,
        "parentUid": delivery.parent,
        "eventUid": delivery.event_uid,
        "triggerEvent": delivery.event,
        "webhookSettings": {"uid": delivery.webhook.uid} if delivery.webhook else None,
        "url": delivery.url,
        "body": delivery.body,
        "createdAt": rest_date(delivery.due),
        "retryAttempt": delivery.retry,
        "statusCode": delivery.status,
        "errorMessage": delivery.error,
        "forced": delivery.forced,
        "lastForcedAt": rest_date(delivery.forced_at),
    }
