"""The webhook state and the webhook that a request refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.webhooks.entities import Webhook
    from phrase_provider.simulator.webhooks.state import WebhookState


def webhook_state_of(request: Request) -> WebhookState:
    """Return the state of the webhooks."""
    return cast("WebhookState", request.app.state.webhooks)


def webhook_of(request: Request) -> Webhook:
    """
    Return the webhook that the path names.

    :raises ApiError: 404.
    """
    return webhook_state_of(request).webhook(request.path_params["webHookUid"])
