"""The application: platform at ``/idm``, TMS at ``/web``, control at ``/_simulator``, pages at ``/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router

from phrase_provider.simulator.core.errors import Refusal, answer_http_exception, answer_refusal
from phrase_provider.simulator.core.persistence.writer import StateWriter
from phrase_provider.simulator.core.scheduler import Scheduler
from phrase_provider.simulator.server.allowed_hosts import AllowedHosts
from phrase_provider.simulator.server.auth import Door, token_route
from phrase_provider.simulator.server.control import Control
from phrase_provider.simulator.server.faults import Faults
from phrase_provider.simulator.server.limits import Limits
from phrase_provider.simulator.server.middleware import Exchanges
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
    from phrase_provider.simulator.server.request_log import Journal


def tms_routes() -> list[Route]:
    """Return what the TMS answers; paths are below ``/web``."""
    return [*tms.routes(), *webhook_routes.routes, *call_routes.routes]


def make_state(*, seed: int, speed: float, user_name: str, defaults: Settings) -> tuple[State, WebhookState]:
    """Make the state of the TMS and that of its webhooks, with what is to happen in them."""
    state = State(seed=seed, speed=speed, user_name=user_name, defaults=defaults)
    schedule_handlers.register(state)
    webhooks = WebhookState(state)
    publish.subscribe(webhooks)
    return state, webhooks


def build(
    *,
    connections: Connections,
    journal: Journal,
    state: State,
    webhooks: WebhookState,
    tokens: Tokens,
    folder: StateFolder | None = None,
    hosts: Iterable[str] = (),
    deliver_anywhere: bool = False,
) -> ASGIApp:
    """
    Make a simulator.

    :param connections: knows the server's connections, which faults drop.
    :param journal: notes what arrives and is answered.
    :param state: of the TMS, from :func:`make_state`, as ``webhooks``.
    :param folder: keeps the state, webhooks and tokens on disk.
    :param hosts: names to answer to, besides those of this machine.
    :param deliver_anywhere: send webhooks and callbacks to other machines, too.
    """
    faults, limits = Faults(connections), Limits(state)
    scheduler = Scheduler(state, Sender(webhooks, anywhere=deliver_anywhere))
    control = Control(state, webhooks, tokens, faults, limits, journal, scheduler)
    api = Router(tms_routes(), redirect_slashes=False)
    app = Starlette(
        routes=[
            *pages(),
            token_route(tokens, state),
            Mount("/web", Door(api, tokens, state)),
            Mount("/_simulator", SameOrigin(Router(control.routes))),
        ],
        exception_handlers={Refusal: answer_refusal, HTTPException: answer_http_exception},
        lifespan=scheduler.lifespan,
    )
    app.router.redirect_slashes = False
    app.state.state, app.state.webhooks, app.state.tokens, app.state.journal = (
        state,
        webhooks,
        tokens,
        journal,
    )
    return Exchanges(
        AllowedHosts(StateWriter(app, folder, state) if folder else app, hosts),
        state=state,
        tokens=tokens,
        journal=journal,
        faults=faults,
        limits=limits,
        connections=connections,
        scheduler=scheduler,
    )
