"""The base of the triggers of Phrase TMS."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from phrase_provider.hooks.tms import PhraseTmsHook
from phrase_provider.triggers.wait import PhraseWaitTrigger

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient


class PhraseTmsWaitTrigger(PhraseWaitTrigger):
    """Waits for a condition in Phrase TMS."""

    product = "TMS"

    @classmethod
    async def connect(cls, phrase_conn_id: str) -> TmsClient:
        """Return the hub's client; its calls serve many flows, so they belong to none."""
        hook = await PhraseTmsHook.aconnect(phrase_conn_id, f"hub/{phrase_conn_id}")
        return await asyncio.to_thread(hook.get_conn)
