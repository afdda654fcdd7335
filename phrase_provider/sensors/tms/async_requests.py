"""A sensor for async requests: exports, preparations and whatever else Phrase works on for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.sensors.tms.base import PhraseTmsSensor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import Unpack

    from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger
    from phrase_provider.triggers.wait import WaitOptions
    from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished


class PhraseTmsAsyncRequestSensor(PhraseTmsSensor):
    """
    Waits until an async request has ended well.

    Source: ``GET /api2/v1/async/{asyncRequestId}``. Returns ``{async_request_id, action}``.

    :param async_request_id: digits (templated).
    """

    template_fields: Sequence[str] = (*PhraseTmsSensor.template_fields, "async_request_id")

    def __init__(
        self,
        *,
        async_request_id: str,
        timeout: timedelta | float = 6 * 3600,
        **kwargs: Any,
    ) -> None:
        super().__init__(timeout=timeout, **kwargs)
        self.async_request_id = async_request_id

    def condition(self) -> AsyncRequestFinished:
        """Return what is waited for."""
        from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished

        return AsyncRequestFinished(str(self.async_request_id))

    def trigger(self, **wait: Unpack[WaitOptions]) -> PhraseTmsAsyncRequestTrigger:
        """Return the trigger that waits for the same condition."""
        from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger

        return PhraseTmsAsyncRequestTrigger(async_request_id=str(self.async_request_id), **wait)
