"""Async requests: one, the pending ones, and how many may be pending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.http.paging import PageQuery, page, read_query

if TYPE_CHECKING:
    from starlette.requests import Request


class PendingQuery(PageQuery):
    """Query of :func:`list_pending`; there is one user, so ``all`` changes nothing."""

    all: bool = False


async def get_async_request(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/async/{asyncRequestId}``."""
    found = state_of(request).async_request(request.path_params["asyncRequestId"])
    return JSONResponse(serializers.async_request(found))


async def list_pending(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/async``."""
    state, query = state_of(request), read_query(request, PendingQuery)
    return await page(state, query, list(state.pending.values()), serializers.async_request)


async def get_limit(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/async/status``."""
    state = state_of(request)
    count, limit = len(state.pending), state.settings.pending_limit
    return JSONResponse({"concurrentRequests": {"count": count, "limit": limit}})


routes = [
    Route("/api2/v1/async", list_pending, methods=["GET"]),
    Route("/api2/v1/async/status", get_limit, methods=["GET"]),
    Route("/api2/v1/async/{asyncRequestId}", get_async_request, methods=["GET"]),
]
