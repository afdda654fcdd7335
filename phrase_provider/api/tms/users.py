"""Who the caller is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call

if TYPE_CHECKING:
    from phrase_provider.api.session import PhraseSession

WHO_AM_I = Endpoint("GET", "/api2/v1/auth/whoAmI")


class Users:
    """
    Reads users.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def who_am_i(self) -> dict[str, Any]:
        """
        Read the user of the token: ``{user: {userName, role, …}, organization: {name}, edition, …}``.

        Source: ``GET /api2/v1/auth/whoAmI``.
        """
        me: dict[str, Any] = self._session.json(Call(WHO_AM_I))
        return me
