"""The application: platform at ``/idm``, TMS at ``/web``, control at ``/_simulator``, pages at ``/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router

from phrase_provider.simulator.core.errors import ApiError, handle_api_error, handle_http_exception
from phrase_provider.simulator.core.persistence.writer import StateWriter
from phrase_provider.simulator.core.scheduler import Scheduler
from phrase_provider.simulator.server.allowed_hosts import AllowedHosts
from phrase_provider.simulator.server.auth import RequireToken, token_route
from phrase_provider.simulator.server.control import Control
from phrase_provider.simulator.server.faults import Faults
from phrase_provider.simulator.server.limits import Limits
from phrase_provider.simulator.server.middleware import RequestMiddleware
from phrase_provider.simulator.server.same_origin import SameOrigin
from phrase_provider.simulator.tms import routes as tms
from phrase_provider.simulator.tms import schedule_handlers
from phrase_provider.simulator.tms.state import State
from phrase_provider.simulator.ui.routes import routes as pages
from phrase_provider.simulator.webhooks import call_routes, publish
from phrase_provider.simulator.webhooks import routes as webhook_routes
from phrase_provider.simulator.webhooks.sender import Sender
from phrase_provider.simulator.webhooks.state import WebhookState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp

    from phrase_provider.simulator.core.persistence.folder import StateFolder
    from phrase_provider.simulator.core.settings import Settings
    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.server.connections import Connections
    from phrase_provider.simulator.server.request_log import RequestLog


def tms_routes() -> list[Route]:
    """Return all routes of the TMS; paths are below ``/web``."""
    return [*tms.routes(), *webhook_routes.routes, *call_routes.routes]


def make_state(*, seed: int, speed: float, user_name: str, defaults: Settings) -> tuple[State, WebhookState]:
    """Return the states of the TMS and of its webhooks, with their event and schedule handlers."""
    state = State(seed=seed, speed=speed, user_name=user_name, defaults=defaults)
    schedule_handlers.register(state)
    webhooks = WebhookState(state)
    publish.subscribe(webhooks)
    return state, webhooks


def build(
    *,
    connections: Connections,
    request_log: RequestLog,
    state: State,
    webhooks: WebhookState,
    tokens: Tokens,
    folder: StateFolder | None = None,
    hosts: Iterable[str] = (),
    deliver_anywhere: bool = False,
) -> ASGIApp:
    """
    Return the ASGI application of a simulator.

    :param connections: the server's open connections, which faults drop.
    :param request_log: records requests and answers.
    :param state: of the TMS, from :func:`make_state`, as ``webhooks``.
    :param folder: keeps the state, webhooks and tokens on disk.
    :param hosts: names to answer to, besides those of this machine.
    :param deliver_anywhere: send webhooks and callbacks to other machines, too.
    """
    faults, limits = Faults(connections), Limits(state)
    scheduler = Scheduler(state, Sender(webhooks, anywhere=deliver_anywhere))
    control = Control(state, webhooks, tokens, faults, limits, request_log, scheduler)
    api = Router(tms_routes(), redirect_slashes=False)
    app = Starlette(
        routes=[
            *pages(),
            token_route(tokens, state),
            Mount("/web", RequireToken(api, tokens, state)),
            Mount("/_simulator", SameOrigin(Router(control.routes))),
        ],
        exception_handlers={ApiError: handle_api_error, HTTPException: handle_http_exception},
        lifespan=scheduler.lifespan,
    )
    app.router.redirect_slashes = False
    app.state.state, app.state.webhooks, app.state.tokens, app.state.request_log = (
        state,
        webhooks,
        tokens,
        request_log,
    )
    return RequestMiddleware(
        AllowedHosts(StateWriter(app, folder, state) if folder else app, hosts),
        state=state,
        tokens=tokens,
        request_log=request_log,
        faults=faults,
        limits=limits,
        connections=connections,
        scheduler=scheduler,
    )
