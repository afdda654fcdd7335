"""The client of commands that ask Phrase."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from phrase_provider.connection_form import CONNECTION_TYPE

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from phrase_provider.api.tms.client import TmsClient

_TOKEN = "PHRASE_API_TOKEN"
_EXTRA = {
    "region": "PHRASE_REGION",
    "platform_url": "PHRASE_PLATFORM_URL",
    "tms_url": "PHRASE_TMS_URL",
}


def add_connection(command: ArgumentParser) -> None:
    """Add the argument that names the connection."""
    command.add_argument(
        "--conn-id",
        default="phrase_default",
        metavar="ID",
        help=f"Airflow connection; not read where {_TOKEN} is set (and PHRASE_REGION, eu or us)",
    )


def connect(conn_id: str) -> TmsClient:
    """
    Return a client from the environment, or else from an Airflow connection.

    :param conn_id: of the connection.
    :raises PhraseConnectionError: it is missing, of another type or badly filled in.
    """
    from airflow.sdk import Connection

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.hooks.phrase import settings_of
    from phrase_provider.hooks.tms import PhraseTmsHook

    token = os.environ.get(_TOKEN)
    if not token:
        return PhraseTmsHook(conn_id).client
    extra = {field: os.environ[name] for field, name in _EXTRA.items() if os.environ.get(name)}
    described = Connection(
        conn_id="environment", conn_type=CONNECTION_TYPE, password=token, extra=json.dumps(extra)
    )
    return TmsClient.connect(settings_of(described))
