"""The command ``phrase-simulator``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from phrase_provider.simulator.tokens import Credentials

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> None:
    """Run a simulator until it is told to stop."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        _serve(arguments)
    except _Unusable as error:
        parser.exit(2, f"phrase-simulator: {error}\n")


class _Unusable(Exception):
    """What an option names cannot be used."""


def _serve(arguments: argparse.Namespace) -> None:
    # Imported after the arguments are read, so that --help is quick.
    from phrase_provider.simulator import app, server
    from phrase_provider.simulator.connections import Connections
    from phrase_provider.simulator.journal import Journal
    from phrase_provider.simulator.settings import Settings
    from phrase_provider.simulator.state import State, StateError
    from phrase_provider.simulator.tokens import Tokens
    from phrase_provider.simulator.world import World

    chosen = {"job_parts": True} if arguments.job_parts else {}
    world = World(
        seed=arguments.seed,
        speed=arguments.speed,
        user_name=arguments.user_name,
        defaults=Settings.model_validate(chosen),
    )
    tokens = Tokens(Credentials(arguments.api_token, arguments.user_name, arguments.password))
    try:
        bound = server.bind(arguments.host, arguments.port)
    except OSError as error:
        raise _Unusable(f"{arguments.host}:{arguments.port}: {error}") from error
    try:
        journal = Journal(arguments.access_log)
    except OSError as error:
        raise _Unusable(f"access log: {error}") from error
    try:
        state = State(arguments.state) if arguments.state else None
        if state:
            state.load(world, tokens)
    except (StateError, OSError) as error:
        raise _Unusable(f"state: {error}") from error
    connections = Connections()
    application = app.build(connections=connections, journal=journal, world=world, tokens=tokens, state=state)
    server.serve(application, connections, bound)


def _parser() -> argparse.ArgumentParser:
    known = Credentials()
    parser = argparse.ArgumentParser(
        prog="phrase-simulator",
        description="A local Phrase: platform at /, TMS at /web, control at /_simulator.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default %(default)s)")
    parser.add_argument("--port", type=int, default=8900, help="0 picks a free one (default %(default)s)")
    parser.add_argument(
        "--speed", type=_speed, default=60, help="simulated seconds per real second (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="decides ids and durations (default %(default)s)")
    parser.add_argument(
        "--api-token", default=known.api_token, help="Platform API token to accept (default %(default)s)"
    )
    parser.add_argument(
        "--user-name", default=known.user_name, help="the one user, who may log in (default %(default)s)"
    )
    parser.add_argument("--password", default=known.password, help="the user's (default %(default)s)")
    parser.add_argument("--access-log", type=Path, metavar="FILE", help="append one JSON line per exchange")
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="keep everything in this folder, and go on from there at the next start",
    )
    parser.add_argument(
        "--job-parts", action="store_true", help="serve .../jobs/{uid}/parts, which only guides name"
    )
    return parser


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed < float("inf"):
        raise ValueError(text)
    return speed
