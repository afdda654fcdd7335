"""Webhooks: subscriptions to events, with their secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.enums import CaseInsensitiveEnum

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import User
    from phrase_provider.simulator.webhooks.events import WebhookEvent


class WebhookStatus(CaseInsensitiveEnum):
    """Statuses of webhooks (schema ``WebHookStatusEnum``)."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class SecretTokenType(CaseInsensitiveEnum):
    """The header that carries the secret (schema ``WebHookSecretTokenTypeEnum``)."""

    X_MEMSOURCE_TOKEN = "X_MEMSOURCE_TOKEN"
    AUTHORIZATION = "AUTHORIZATION"


@dataclass(eq=False)
class Webhook:
    """
    A subscription of the whole organization. Times are epoch seconds of simulated time.

    :param failed_attempts: deliveries that failed since the last success.
    """

    id: str
    uid: str
    url: str
    events: list[WebhookEvent]
    created: float
    created_by: User
    modified: float
    modified_by: User
    name: str | None = None
    status: WebhookStatus = WebhookStatus.ENABLED
    secret: str | None = None
    secret_type: SecretTokenType = SecretTokenType.X_MEMSOURCE_TOKEN
    hidden: bool = False
    failed_attempts: int = 0

    @property
    def enabled(self) -> bool:
        return self.status is WebhookStatus.ENABLED

    def record_attempt(self, *, succeeded: bool, limit: int) -> None:
        """
        Count an attempt.

        :param limit: number of consecutive failures that disables the webhook.
        """
        self.failed_attempts = 0 if succeeded else self.failed_attempts + 1
        if self.failed_attempts >= limit:
            self.status = WebhookStatus.DISABLED
