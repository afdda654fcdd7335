"""The base of the sensors of Phrase TMS."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from phrase_provider.sensors.base import PhraseSensor

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.hooks.tms import PhraseTmsHook


class PhraseTmsSensor(PhraseSensor):
    """Waits for a condition in Phrase TMS."""

    @cached_property
    def hook(self) -> PhraseTmsHook:
        """Hook of the connection."""
        from phrase_provider.hooks.tms import PhraseTmsHook

        return PhraseTmsHook(self.phrase_conn_id)

    @property
    def client(self) -> TmsClient:
        """Client of the connection."""
        return self.hook.client
