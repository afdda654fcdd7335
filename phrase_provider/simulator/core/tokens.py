"""The secrets that Phrase knows, and the tokens that it gave for them."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Credentials:
    """
    What opens this Phrase.

    :param api_token: the only Platform API token; it is exchanged for an access token.
    :param user_name: the only user, who logs in with ``password``.
    """

    api_token: str = "simulator-token"
    user_name: str = "simulator"
    password: str = "simulator-password"


@dataclass(frozen=True)
class Token:
    """
    A token in force.

    :param scheme: that of the ``Authorization`` header which it belongs in, in lower case.
    :param expires: epoch seconds of real time.
    """

    scheme: str
    expires: float


class Tokens:
    """The tokens in force. They live in real time and outlast a reset."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.known: dict[str, Token] = {}

    def snapshot(self) -> dict[str, dict[str, Token]]:
        """Return what outlasts a restart, by name: the tokens, not the credentials."""
        return {"known": self.known}

    def restore(self, kept: dict[str, dict[str, Token]]) -> None:
        """Go on from a :meth:`snapshot`."""
        self.known = kept["known"]

    def access_token(self, lifetime: int) -> str:
        """
        Issue what the platform gives for an API token.

        :param lifetime: real seconds.
        """
        claims = {"iss": "phrase-simulator", "jti": uuid.uuid4().hex, "exp": int(time.time()) + lifetime}
        return self._issue(_jwt(claims), "bearer", lifetime)

    def login_token(self, lifetime: int) -> str:
        """Issue what the TMS gives for a password; ``lifetime`` in real seconds."""
        return self._issue(uuid.uuid4().hex, "apitoken", lifetime)

    def valid(self, authorization: str) -> bool:
        """Tell whether an ``Authorization`` header carries a token in force."""
        scheme, _, token = authorization.partition(" ")
        known = self.known.get(token)
        return known is not None and known.scheme == scheme.lower() and known.expires > time.time()

    def expire(self, authorization: str) -> None:
        """End the token of an ``Authorization`` header."""
        self.known.pop(authorization.partition(" ")[2], None)

    def expire_all(self) -> None:
        """End every token."""
        self.known.clear()

    def _issue(self, value: str, scheme: str, lifetime: int) -> str:
        now = time.time()
        self.known = {token: known for token, known in self.known.items() if known.expires > now}
        self.known[value] = Token(scheme, now + lifetime)
        return value


def _jwt(claims: dict[str, object]) -> str:
    parts = (json.dumps({"alg": "none", "typ": "JWT"}).encode(), json.dumps(claims).encode(), b"simulator")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
