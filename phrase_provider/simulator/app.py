"""The application: platform at ``/idm``, TMS at ``/web``, control at ``/_simulator``, pages at ``/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router

from phrase_provider.simulator.core.errors import Refusal, answer_http_exception, answer_refusal
from phrase_provider.simulator.core.persistence.writer import Keeper
from phrase_provider.simulator.core.scheduler import Heartbeat
from phrase_provider.simulator.server.allowed_hosts import AllowedHosts
from phrase_provider.simulator.server.auth import Door, token_route
from phrase_provider.simulator.server.control import Control
from phrase_provider.simulator.server.faults import Faults
from phrase_provider.simulator.server.limits import Limits
from phrase_provider.simulator.server.middleware import Exchanges
from phrase_provider.simulator.server.same_origin import SameOrigin
from phrase_provider.simulator.tms import routes as tms
from phrase_provider.simulator.ui.routes import routes as pages
from phrase_provider.simulator.webhooks import call_routes
from phrase_provider.simulator.webhooks import routes as webhook_routes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp

    from phrase_provider.simulator.core.persistence.folder import State
    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.server.connections import Connections
    from phrase_provider.simulator.server.request_log import Journal
    from phrase_provider.simulator.tms.state import World


def tms_routes() -> list[Route]:
    """Return what the TMS answers; paths are below ``/web``."""
    return [*tms.routes(), *webhook_routes.routes, *call_routes.routes]


def build(
    *,
    connections: Connections,
    journal: Journal,
    world: World,
    tokens: Tokens,
    state: State | None = None,
    hosts: Iterable[str] = (),
    deliver_anywhere: bool = False,
) -> ASGIApp:
    """
    Make a simulator.

    :param connections: knows the server's connections, which faults drop.
    :param journal: notes what arrives and is answered.
    :param state: keeps the world and the tokens on disk.
    :param hosts: names to answer to, besides those of this machine.
    :param deliver_anywhere: send webhooks and callbacks to other machines, too.
    """
    faults, limits = Faults(connections), Limits(world)
    heartbeat = Heartbeat(world, deliver_anywhere=deliver_anywhere)
    control = Control(world, tokens, faults, limits, journal, heartbeat)
    api = Router(tms_routes(), redirect_slashes=False)
    app = Starlette(
        routes=[
            *pages(),
            token_route(tokens, world),
            Mount("/web", Door(api, tokens, world)),
            Mount("/_simulator", SameOrigin(Router(control.routes))),
        ],
        exception_handlers={Refusal: answer_refusal, HTTPException: answer_http_exception},
        lifespan=heartbeat.lifespan,
    )
    app.router.redirect_slashes = False
    app.state.world, app.state.tokens, app.state.journal = world, tokens, journal
    return Exchanges(
        AllowedHosts(Keeper(app, state, world, tokens) if state else app, hosts),
        world=world,
        tokens=tokens,
        journal=journal,
        faults=faults,
        limits=limits,
        connections=connections,
        heartbeat=heartbeat,
    )
