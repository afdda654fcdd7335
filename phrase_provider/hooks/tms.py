"""The hook of Phrase TMS: a client for an Airflow connection, on a worker or on an event loop."""

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

    #: Joins the log lines of one flow; None: those of the running task.
    correlation_id: str | None = None
    in_triggerer = False

    @cached_property
    def client(self) -> TmsClient:
        """
        Client of Phrase TMS, connected when it is first used.

        :raises PhraseConnectionError: the connection is missing, of another type or badly filled in.
        """
        from airflow.sdk.log import mask_secret

        from phrase_provider._compat import MASKS_IN_TRIGGERER
        from phrase_provider.api.tms.client import TmsClient

        return TmsClient.connect(
            self.settings,
            correlation_id=self.correlation_id or flow_of_task(),
            on_token=mask_secret if MASKS_IN_TRIGGERER or not self.in_triggerer else None,
        )

    def get_conn(self) -> TmsClient:
        """Return the client, as :attr:`client`."""
        return self.client

    @classmethod
    async def aconnect(cls, phrase_conn_id: str, correlation_id: str | None = None) -> Self:
        """
        Return a hook for use on an event loop, without blocking it to read the connection.

        Its client does not repeat calls: who waits on a loop looks again anyway, and sleeps there.

        :param phrase_conn_id: Airflow connection of type ``phrase``.
        :param correlation_id: joins the log lines of one flow.
        :raises PhraseConnectionError: as :attr:`settings` tells.
        """
        from phrase_provider._compat import aget_connection

        hook = cls(phrase_conn_id)
        hook.correlation_id, hook.in_triggerer = correlation_id, True
        settings = settings_of(await aget_connection(hook))
        # Fills the cached property, so that no thread has to ask Airflow later.
        hook.__dict__["settings"] = replace(settings, retries=0)
        return hook


def flow_of_task() -> str | None:
    """Return the name of the flow that the running task belongs to: DAG and run."""
    return flow(os.environ.get("AIRFLOW_CTX_DAG_ID"), os.environ.get("AIRFLOW_CTX_DAG_RUN_ID"))


def flow(dag_id: str | None, run_id: str | None) -> str | None:
    """
    Return the name of a flow, for the ``correlationId`` of its calls.

    :param dag_id: DAG, if known.
    :param run_id: run, if known.
    """
    return f"{dag_id}/{run_id}" if dag_id and run_id else None
