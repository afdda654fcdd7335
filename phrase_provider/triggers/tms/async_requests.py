"""Triggers for an async request, and for room to start one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.triggers.tms.base import PhraseTmsWaitTrigger
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished
from phrase_provider.waiting.tms.async_slots import AsyncSlotFree

if TYPE_CHECKING:
    from typing import Unpack

    from phrase_provider.triggers.wait import WaitOptions


class PhraseTmsAsyncRequestTrigger(PhraseTmsWaitTrigger):
    """
    Fires when an async request has ended.

    :param async_request_id: digits.
    """

    def __init__(self, *, async_request_id: str, **wait: Unpack[WaitOptions]) -> None:
        super().__init__(**wait)
        self.async_request_id = async_request_id

    def condition(self) -> AsyncRequestFinished:
        """Return what is waited for."""
        return AsyncRequestFinished(self.async_request_id)

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments."""
        path, kwargs = super().serialize()
        return path, {**kwargs, "async_request_id": self.async_request_id}


class PhraseTmsAsyncSlotTrigger(PhraseTmsWaitTrigger):
    """Fires when the task may start an async request; the slot is kept for it until it has been woken."""

    def condition(self) -> AsyncSlotFree:
        """Return what is waited for."""
        return AsyncSlotFree()
