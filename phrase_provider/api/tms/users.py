"""The resource of users: who there is, and who an access token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call
from phrase_provider.api.tms.pages import iterate
from phrase_provider.exceptions import PhraseServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import LoginUserDtoV1, UserDtoV1

LIST = Endpoint("GET", "/api2/v1/users", success=200)
WHO_AM_I = Endpoint("GET", "/api2/v1/auth/whoAmI", success=200)


class Users:
    """
    Users of an organization.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def list(self) -> Iterator[UserDtoV1]:
        """
        Yield the users of the organization, without deleted ones.

        Source: ``GET /api2/v1/users``.
        """
        return iterate(self._session, LIST)

    def who_am_i(self) -> LoginUserDtoV1:
        """
        Return the user and the organization of the access token.

        Source: ``GET /api2/v1/auth/whoAmI``.

        :raises PhraseServerError: the answer names no user.
        """
        me: LoginUserDtoV1 = self._session.json(Call(WHO_AM_I, expect=("user",)))
        if not isinstance(me["user"], dict):
            raise PhraseServerError(
                f"{WHO_AM_I} was answered without a user",
                hint="A proxy may stand in between: check the URLs of the connection.",
                endpoint=str(WHO_AM_I),
            )
        return me
