"""Access tokens: the platform's token endpoint, and the door of the TMS."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.errors import error_body

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from phrase_provider.simulator.world import World

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_OPTIONAL = {
    "subject_token_type": "urn:phrase:params:oauth:token-type:api_token",
    "requested_token_type": _ACCESS_TOKEN,
}


class Tokens:
    """
    The access tokens in force. They live in real time and outlast a reset.

    :param api_token: the only Platform API token that is exchanged.
    """

    def __init__(self, api_token: str) -> None:
        self._api_token = api_token
        self._expiry: dict[str, float] = {}

    def exchange(self, api_token: str, lifetime: int) -> str | None:
        """
        Issue an access token, or ``None`` for a wrong API token.

        :param lifetime: real seconds.
        """
        if api_token != self._api_token:
            return None
        token = _jwt(
            {"iss": "phrase-simulator", "jti": len(self._expiry), "exp": int(time.time()) + lifetime}
        )
        self._expiry[token] = time.monotonic() + lifetime
        return token

    def valid(self, authorization: str | None) -> bool:
        """Tell whether an ``Authorization`` header carries a token in force."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and self._expiry.get(token, 0) > time.monotonic()

    def expire(self, authorization: str | None) -> None:
        """End the token of an ``Authorization`` header."""
        _, _, token = (authorization or "").partition(" ")
        if token in self._expiry:
            self._expiry[token] = 0


def _jwt(claims: dict[str, object]) -> str:
    parts = (json.dumps({"alg": "none", "typ": "JWT"}).encode(), json.dumps(claims).encode(), b"simulator")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


class Door:
    """
    Lets only requests with a token in force through to the TMS.

    :param app: the TMS.
    :param world: has the settings, which a reset replaces.
    """

    def __init__(self, app: ASGIApp, tokens: Tokens, world: World) -> None:
        self._app = app
        self._tokens = tokens
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if self._tokens.valid(authorization):
            await self._app(scope, receive, send)
            return
        code = self._world.settings.unauthorized_code
        body = error_body(code, "The access token is missing, unknown or expired.")
        await JSONResponse(body, 401)(scope, receive, send)


def token_route(tokens: Tokens, world: World) -> Route:
    """Make the route of ``POST /idm/oauth/token``."""

    async def exchange(request: Request) -> JSONResponse:
        form = {key: values[-1] for key, values in parse_qs((await request.body()).decode("latin-1")).items()}
        error = _problem(request.headers.get("content-type", ""), form)
        if error:
            return JSONResponse(error, 400)
        lifetime = world.settings.token_seconds
        token = tokens.exchange(form["subject_token"], lifetime)
        if token is None:
            return JSONResponse(_oauth_error("invalid_grant", "The subject token is not valid."), 400)
        return JSONResponse(
            {
                "access_token": token,
                "issued_token_type": _ACCESS_TOKEN,
                "token_type": "Bearer",
                "expires_in": lifetime,
            }
        )

    return Route("/idm/oauth/token", exchange, methods=["POST"])


def _problem(content_type: str, form: dict[str, str]) -> dict[str, str] | None:
    if not content_type.lower().startswith("application/x-www-form-urlencoded"):
        return _oauth_error("invalid_request", "The request must be form-encoded.")
    if "grant_type" not in form or "subject_token" not in form:
        return _oauth_error("invalid_request", "grant_type and subject_token are required.")
    if form["grant_type"] != _GRANT:
        return _oauth_error("unsupported_grant_type", f"grant_type must be {_GRANT}.")
    for name, only in _OPTIONAL.items():
        if form.get(name, only) != only:
            return _oauth_error("invalid_request", f"{name} must be {only}.")
    return None


def _oauth_error(error: str, description: str) -> dict[str, str]:
    return {"error": error, "error_description": description}
