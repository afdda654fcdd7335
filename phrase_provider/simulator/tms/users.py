"""Who the caller is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator import render
from phrase_provider.simulator.tms.context import world_of

if TYPE_CHECKING:
    from starlette.requests import Request


async def who_am_i(request: Request) -> JSONResponse:
    """``GET /api2/v1/auth/whoAmI``."""
    return JSONResponse(render.login_user(world_of(request).user))


routes = [Route("/api2/v1/auth/whoAmI", who_am_i, methods=["GET"])]
