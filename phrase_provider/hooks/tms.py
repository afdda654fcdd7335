"""The hook of Phrase TMS."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from phrase_provider.hooks.phrase import PhraseHook, settings_of

if TYPE_CHECKING:
    from typing import Self

    from phrase_provider.api.tms.client import TmsClient


class PhraseTmsHook(PhraseHook):
    """
    Gives a client of Phrase TMS for an Airflow connection.

    .. code-block:: python

        hook = PhraseTmsHook()
        project = hook.client.projects.get("AbC…")

    :param phrase_conn_id: Airflow connection of type ``phrase``.
    """

    @cached_property
    def client(self) -> TmsClient:
        """
        The client, connected when it is first used.

        :raises PhraseConnectionError: the connection is missing, of another type or badly filled in.
        """
        from airflow.sdk.log import mask_secret

        from phrase_provider.api.tms.client import TmsClient

        return TmsClient.connect(self.settings, correlation_id=correlation_id(), on_token=mask_secret)

    def get_conn(self) -> TmsClient:
        """Give the client."""
        return self.client

    @classmethod
    async def aconnect(cls, phrase_conn_id: str) -> Self:
        """
        Make a hook on an event loop, without blocking it to read the connection.

        Its client does not repeat calls: who waits on a loop looks again anyway, and sleeps there.

        :param phrase_conn_id: Airflow connection of type ``phrase``.
        :raises PhraseConnectionError: as :attr:`settings` tells.
        """
        from phrase_provider._compat import aget_connection

        hook = cls(phrase_conn_id)
        settings = settings_of(await aget_connection(hook))
        # Fills the cached property, so that no thread has to ask Airflow later.
        hook.__dict__["settings"] = replace(settings, retries=0)
        return hook


def correlation_id() -> str | None:
    """Name the flow that calls belong to: DAG and run, where a task or its trigger runs."""
    dag, run = os.environ.get("AIRFLOW_CTX_DAG_ID"), os.environ.get("AIRFLOW_CTX_DAG_RUN_ID")
    return f"{dag}/{run}" if dag and run else None
