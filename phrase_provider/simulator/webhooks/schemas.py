"""Bodies of requests about webhooks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from phrase_provider.simulator.tms.schemas.base import ClosedSchema, UidReference
from phrase_provider.simulator.webhooks.entities import SecretTokenType, WebhookStatus
from phrase_provider.simulator.webhooks.events import WebhookEvent  # noqa: TC001 - for pydantic


class WriteWebhook(ClosedSchema):
    """``CreateWebHookDtoV2``."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+\S*$")]
    events: list[WebhookEvent]
    name: Annotated[str, Field(max_length=255)] | None = None
    status: WebhookStatus = WebhookStatus.ENABLED
    secret_token: Annotated[str, Field(max_length=255)] | None = None
    secret_token_type: SecretTokenType = SecretTokenType.X_MEMSOURCE_TOKEN
    hidden: bool = False


class ReplayCalls(ClosedSchema):
    """``ReplayRequestDtoV1``."""

    webhook_calls: list[UidReference] = Field(default_factory=list)
