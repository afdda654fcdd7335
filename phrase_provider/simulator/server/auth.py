"""Authentication: the platform's token endpoint, and the check of tokens in front of the TMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import error_body, unauthorized
from phrase_provider.simulator.server.forms import read_form
from phrase_provider.simulator.tms.routes import authentication

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.tms.state import State

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_OPTIONAL = {
    "subject_token_type": "urn:phrase:params:oauth:token-type:api_token",
    "requested_token_type": _ACCESS_TOKEN,
}


class RequireToken:
    """
    ASGI middleware that answers 401 to requests without a valid token.

    :param app: the TMS.
    :param state: has the settings, which a reset replaces.
    """

    def __init__(self, app: ASGIApp, tokens: Tokens, state: State) -> None:
        self._app = app
        self._tokens = tokens
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        path = scope["path"].removeprefix(scope["root_path"])
        if path in authentication.WITHOUT_TOKEN or self._tokens.valid(authorization):
            await self._app(scope, receive, send)
            return
        error = unauthorized(self._state.settings)
        body = error_body(error.code, error.description)
        await JSONResponse(body, error.status)(scope, receive, send)


def token_route(tokens: Tokens, state: State) -> Route:
    """Return the route of ``POST /idm/oauth/token``."""

    async def exchange(request: Request) -> JSONResponse:
        form = await read_form(request)
        error = _problem(request.headers.get("content-type", ""), form)
        if error:
            return JSONResponse(error, 400)
        settings = state.settings
        if settings.api_token_revoked or form["subject_token"] != tokens.credentials.api_token:
            error = _oauth_error("invalid_grant", "The subject token is not valid.")
            return JSONResponse(error, settings.invalid_grant_status)
        return JSONResponse(
            {
                "access_token": tokens.access_token(settings.token_seconds),
                "issued_token_type": _ACCESS_TOKEN,
                "token_type": "Bearer",
                "expires_in": settings.token_seconds,
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
