"""The resource of vendors: other organizations to which jobs can be assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.tms.pages import iterate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import VendorDtoV1

LIST = Endpoint("GET", "/api2/v1/vendors", success=200)


class Vendors:
    """
    Vendors of an organization.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def list(self, name: str | None = None) -> Iterator[VendorDtoV1]:
        """
        Yield the approved vendors.

        Source: ``GET /api2/v1/vendors``.

        :param name: only those that the filter finds by it; default: all.
        """
        return iterate(self._session, LIST, query={"name": name})
