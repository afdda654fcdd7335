"""The state of webhooks: subscriptions and deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.core.errors import not_found
from phrase_provider.simulator.webhooks.deliveries import Deliveries

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.state import State
    from phrase_provider.simulator.webhooks.entities import Webhook


class WebhookState:
    """
    Webhooks and deliveries.

    :param tms: has the events, the clock and the schedule.
    """

    def __init__(self, tms: State) -> None:
        self.tms = tms
        self.reset()

    def reset(self) -> None:
        """Delete all webhooks and deliveries."""
        self.webhooks: dict[str, Webhook] = {}
        self.deliveries = Deliveries(self.tms.seed)

    def snapshot(self) -> dict[str, Any]:
        """Return the values to persist, by name."""
        return {"webhooks": self.webhooks, "deliveries": self.deliveries}

    def restore(self, kept: dict[str, Any]) -> None:
        """Continue from a :meth:`snapshot`."""
        self.webhooks, self.deliveries = kept["webhooks"], kept["deliveries"]

    def webhook(self, uid: str) -> Webhook:
        """
        Return a webhook.

        :raises ApiError: 404.
        """
        if uid not in self.webhooks:
            raise not_found("Webhook", uid)
        return self.webhooks[uid]
