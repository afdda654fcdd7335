"""Credentials, and the tokens that were issued for them."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Credentials:
    """
    The accepted credentials.

    :param api_token: the only Platform API token; it is exchanged for an access token.
    :param user_name: the only user, who logs in with ``password``.
    """

    api_token: str = "simulator-token"
    user_name: str = "simulator"
    password: str = "simulator-password"


@dataclass(frozen=True)
class Token:
    """
    A valid token.

    :param scheme: of the ``Authorization`` header, in lower case.
    :param expires: epoch seconds of real time.
    """

    scheme: str
    expires: float


class Tokens:
    """The valid tokens. They expire in real time and survive a reset."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.known: dict[str, Token] = {}

    def snapshot(self) -> dict[str, dict[str, Token]]:
        """Return the values to persist, by name: the tokens, not the credentials."""
        return {"known": self.known}

    def restore(self, kept: dict[str, dict[str, Token]]) -> None:
        """Continue from a :meth:`snapshot`."""
        self.known = kept["known"]

    def access_token(self, lifetime: int) -> str:
        """
        Return a new access token, as the platform issues it for an API token.

        :param lifetime: real seconds.
        """
        claims = {"iss": "phrase-simulator", "jti": uuid.uuid4().hex, "exp": int(time.time()) + lifetime}
        return self._issue(_jwt(claims), "bearer", lifetime)

    def login_token(self, lifetime: int) -> str:
        """Return a new token, as the TMS issues it for a password; ``lifetime`` in real seconds."""
        return self._issue(uuid.uuid4().hex, "apitoken", lifetime)

    def valid(self, authorization: str) -> bool:
        """Return whether an ``Authorization`` header carries a valid token."""
        scheme, _, token = authorization.partition(" ")
        known = self.known.get(token)
        return known is not None and known.scheme == scheme.lower() and known.expires > time.time()

    def expire(self, authorization: str) -> None:
        """Revoke the token of an ``Authorization`` header."""
        self.known.pop(authorization.partition(" ")[2], None)

    def expire_all(self) -> None:
        """Revoke all tokens."""
        self.known.clear()

    def _issue(self, value: str, scheme: str, lifetime: int) -> str:
        now = time.time()
        self.known = {token: known for token, known in self.known.items() if known.expires > now}
        self.known[value] = Token(scheme, now + lifetime)
        return value


def _jwt(claims: dict[str, object]) -> str:
    parts = (json.dumps({"alg": "none", "typ": "JWT"}).encode(), json.dumps(claims).encode(), b"simulator")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
