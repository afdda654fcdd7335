"""Login and logout with a password, and who the caller is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request, unauthorized
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.http.context import state_of, tokens_of
from phrase_provider.simulator.tms.schemas.authentication import Login
from phrase_provider.simulator.tms.schemas.base import read_body

if TYPE_CHECKING:
    from starlette.requests import Request

_LOGIN, _LOGOUT = "/api2/v3/auth/login", "/api2/v1/auth/logout"
WITHOUT_TOKEN = frozenset({_LOGIN, _LOGOUT})
"""Paths that need no token in the header ``Authorization``."""


async def log_in(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v3/auth/login``: 401 for a wrong name or password; ``code`` is not looked at."""
    state, tokens = state_of(request), tokens_of(request)
    body = await read_body(request, Login)
    known = tokens.credentials
    if (body.user_name, body.password) != (known.user_name, known.password):
        raise unauthorized(state.settings)
    if body.user_uid not in (None, state.user.uid):
        raise unauthorized(state.settings)
    lifetime = state.settings.login_seconds
    token = tokens.login_token(lifetime)
    return JSONResponse(serializers.login_response(state.user, token, time.time() + lifetime))


async def log_out(request: Request) -> Response:
    """
    Handle ``POST /api2/v1/auth/logout``.

    204; the token is in the header ``Authorization`` or in the query.
    """
    tokens = tokens_of(request)
    authorization, token = request.headers.get("authorization"), request.query_params.get("token")
    if authorization is not None and token is not None:
        raise bad_request("The token must be in the header or in the query, not in both.")
    ended = authorization or f"ApiToken {token}"
    if not tokens.valid(ended):
        raise unauthorized(state_of(request).settings)
    tokens.expire(ended)
    return Response(status_code=204)


async def who_am_i(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/auth/whoAmI``."""
    return JSONResponse(serializers.login_user(state_of(request).user))


routes = [
    Route(_LOGIN, log_in, methods=["POST"]),
    Route(_LOGOUT, log_out, methods=["POST"]),
    Route("/api2/v1/auth/whoAmI", who_am_i, methods=["GET"]),
]
