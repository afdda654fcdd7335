"""What the operators of Phrase TMS share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from phrase_provider.hooks.phrase import DEFAULT_CONNECTION
from phrase_provider.links import PhraseTmsLinksMixin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.hooks.tms import PhraseTmsHook


class PhraseTmsOperator(PhraseTmsLinksMixin, BaseOperator):
    """
    Works on Phrase TMS over one connection.

    :param phrase_conn_id: Airflow connection of type ``phrase`` (templated).
    """

    template_fields: Sequence[str] = ("phrase_conn_id",)
    ui_color = "#d5f0ec"

    def __init__(self, *, phrase_conn_id: str = DEFAULT_CONNECTION, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.phrase_conn_id = phrase_conn_id

    @cached_property
    def hook(self) -> PhraseTmsHook:  # type: ignore[override]
        """Hook of the connection."""
        from phrase_provider.hooks.tms import PhraseTmsHook

        return PhraseTmsHook(self.phrase_conn_id)

    @property
    def client(self) -> TmsClient:
        """Client of the connection."""
        return self.hook.client
