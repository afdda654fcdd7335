"""The hook of a Phrase connection: its settings, its form and its test button."""

from __future__ import annotations

import json
import logging
import platform
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.sdk import BaseHook

from phrase_provider import __version__
from phrase_provider.connection_form import CONNECTION_TYPE, HOOK_NAME, read_fields, unknown_keys
from phrase_provider.exceptions import PhraseConnectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Connection
    from wtforms import Field

    from phrase_provider.api.settings import ClientSettings
    from phrase_provider.connection_form import FieldValues

log = logging.getLogger(__name__)

DEFAULT_CONNECTION = f"{CONNECTION_TYPE}_default"


class PhraseHook(BaseHook):
    """
    Reads a connection of type ``phrase``; the hooks of the products have a client (``get_conn()``).

    :param phrase_conn_id: Airflow connection; its password is the Platform API token.
    :param logger_name: as with any hook of Airflow.
    """

    conn_name_attr = "phrase_conn_id"
    default_conn_name = DEFAULT_CONNECTION
    conn_type = CONNECTION_TYPE
    hook_name = HOOK_NAME

    def __init__(self, phrase_conn_id: str = DEFAULT_CONNECTION, *, logger_name: str | None = None) -> None:
        super().__init__(logger_name=logger_name)
        self.phrase_conn_id = phrase_conn_id

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, Field]:
        """Return the form's fields; read by Airflow 3.1 only."""
        from phrase_provider.hooks.connection_widgets import form_widgets

        return form_widgets()

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, object]:
        """Return the form's standard fields; read by Airflow 3.1 only."""
        from phrase_provider.hooks.connection_widgets import field_behaviour

        return field_behaviour()

    @cached_property
    def settings(self) -> ClientSettings:
        """
        Settings of a client, from the connection.

        :raises PhraseConnectionError: it is missing, of another type or badly filled in.
        """
        return settings_of(self.require_connection())

    def test_connection(self) -> tuple[bool, str]:
        """
        Return whether the connection works, and what was seen: the test button of the connection form.

        Exchanges the token, then asks who it belongs to. Never raises, takes at most 10 s.
        """
        from phrase_provider.hooks.connection_test import check

        ignored = ""
        try:
            connection = self.require_connection()
            ignored = _ignored(_extra(connection))
            works, message = check(settings_of(connection))
        except PhraseConnectionError as error:
            works, message = False, f"The connection is not complete: {error}"
        return works, f"{message} {ignored}".strip()

    def require_connection(self) -> Connection:
        """
        Read the Airflow connection.

        :raises PhraseConnectionError: it does not exist.
        """
        from airflow.providers.common.compat.sdk import AirflowNotFoundException

        try:
            return self.get_connection(self.phrase_conn_id)
        except AirflowNotFoundException as error:
            raise PhraseConnectionError(
                f"There is no Airflow connection {self.phrase_conn_id!r}",
                hint="Create it (Admin, Connections, type Phrase), or name another in phrase_conn_id.",
            ) from error


def settings_of(connection: Connection) -> ClientSettings:
    """
    Return the settings of a client for an Airflow connection.

    :param connection: of type ``phrase``; password: Platform API token.
    :raises PhraseConnectionError: of another type, without a token, or badly filled in.
    """
    from phrase_provider.api.settings import ClientSettings

    if connection.conn_type != CONNECTION_TYPE:
        raise PhraseConnectionError(
            f"Connection {connection.conn_id!r} is of type {connection.conn_type!r}",
            hint=f"Use a connection of type {CONNECTION_TYPE!r}.",
        )
    api_token = _api_token(connection)
    extra = _extra(connection)
    fields = read_fields(extra)
    if ignored := _ignored(extra):
        _warn_once(str(connection.conn_id), ignored)
    _require_files(fields)
    return ClientSettings(
        api_token=api_token,
        platform_url=fields["platform_url"],
        tms_url=fields["tms_url"],
        strings_url=fields["strings_url"],
        web_url=fields["web_url"],
        user_agent=user_agent(fields["contact"]),
        timeout=fields["timeout"],
        retries=fields["retries"],
        verify=fields["ca_bundle"] or True,
        client_certificate=fields["client_certificate"],
        max_download=fields["max_download_size"] << 20,
        token_cache=fields["share_login"],
        client_type=fields["client_type"],
        client_version=__version__,
        host_version=_airflow_version(),
    )


def user_agent(contact: str | None) -> str:
    """
    Return a User-Agent that names this package, its host and whom to write to, as Phrase asks for.

    :param contact: mail or URL, or None.
    :raises PhraseConnectionError: it cannot stand in a header.
    """
    if contact and not (contact.isascii() and contact.isprintable()):
        raise PhraseConnectionError(
            f"Contact of the Phrase connection is {contact!r}", hint="Use ASCII letters: it becomes a header."
        )
    about = f" ({contact})" if contact else ""
    return (
        f"airflow-provider-phrase/{__version__}{about} "
        f"apache-airflow/{_airflow_version()} python/{platform.python_version()}"
    )


def _airflow_version() -> str:
    from airflow import __version__ as version

    return version


def _api_token(connection: Connection) -> str:
    from phrase_provider.text import flaw

    # What is copied from a page or a file brings blanks and line ends along.
    token = (connection.password or "").strip()
    if not token:
        raise PhraseConnectionError(
            f"Connection {connection.conn_id!r} has no API token",
            hint="Put a Phrase Platform API token into its API token (password) field.",
        )
    if flaw(token) or len(token.split()) > 1:
        raise PhraseConnectionError(
            f"The API token of connection {connection.conn_id!r} has blanks, line breaks or control "
            "characters in it",
            hint="Copy the token again, and nothing but the token: no name, no 'Bearer', no second line.",
        )
    return token


def _ignored(extra: Mapping[str, object]) -> str:
    unknown = unknown_keys(extra)
    return f"Not known in Extra, and ignored: {', '.join(unknown)}." if unknown else ""


@cache
def _warn_once(conn_id: str, ignored: str) -> None:
    # Each of a thousand waits in a triggerer reads the connection.
    log.warning("Connection %r: %s", conn_id, ignored)


def _extra(connection: Connection) -> dict[str, object]:
    try:
        # Not extra_dejson: it takes what is no JSON for empty, and blocks event loops to mask secrets.
        extra: object = json.loads(connection.extra or "{}")
    except ValueError as error:
        raise PhraseConnectionError(
            f"The Extra of connection {connection.conn_id!r} is not JSON", hint="Correct it, or empty it."
        ) from error
    if not isinstance(extra, dict):
        raise PhraseConnectionError(
            f"The Extra of connection {connection.conn_id!r} is not a JSON object",
            hint="Correct it, or empty it.",
        )
    return extra


def _require_files(fields: FieldValues) -> None:
    paths = {"ca_bundle": fields["ca_bundle"], "client_certificate": fields["client_certificate"]}
    for name, path in paths.items():
        if path and not _exists(path):
            raise PhraseConnectionError(
                f"{name} of the Phrase connection is {path!r}, which does not exist here",
                hint="Name a file that each host of Airflow has: API server, workers and triggerer.",
            )


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # an over-long name, or a folder that may not be read
        return False
