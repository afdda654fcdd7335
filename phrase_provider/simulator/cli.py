"""The command ``phrase-simulator``."""

from __future__ import annotations

import argparse
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from phrase_provider.simulator import requirements
from phrase_provider.simulator.core.clock import FASTEST
from phrase_provider.simulator.core.tokens import Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from phrase_provider.simulator.core.persistence.folder import Section, StateFolder
    from phrase_provider.simulator.core.settings import Settings
    from phrase_provider.simulator.core.state import BaseState


def main(argv: Sequence[str] | None = None) -> None:
    """Run a simulator until it receives SIGINT or SIGTERM."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        _require_libraries()
        _serve(arguments)
    except _Unusable as error:
        parser.exit(2, f"phrase-simulator: {error}\n")


class _Unusable(Exception):
    """An option names something that cannot be used."""


def _require_libraries() -> None:
    reason = requirements.missing()
    if reason:
        raise _Unusable(reason)


def _serve(arguments: argparse.Namespace) -> None:
    # Imported after the arguments are read, so that --help is quick.
    from phrase_provider.simulator import app
    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.server.connections import Connections
    from phrase_provider.simulator.server.request_log import RequestLog
    from phrase_provider.simulator.server.serve import bind, serve

    state, webhooks = app.make_state(
        seed=arguments.seed,
        speed=arguments.speed,
        user_name=arguments.user_name,
        defaults=_settings(arguments),
    )
    tokens = Tokens(Credentials(arguments.api_token, arguments.user_name, arguments.password))
    with _usable(f"{arguments.host}:{arguments.port}"):
        bound = bind(arguments.host, arguments.port)
    with _usable("access log"):
        request_log = RequestLog(arguments.access_log)
    with _usable("state"):
        folder = _folder(arguments, state, {"webhooks": webhooks, "tokens": tokens})
    connections = Connections()
    application = app.build(
        connections=connections,
        request_log=request_log,
        state=state,
        webhooks=webhooks,
        tokens=tokens,
        folder=folder,
        hosts=(arguments.host, *arguments.allow_host),
        deliver_anywhere=arguments.deliver_to == "anywhere",
    )
    serve(application, connections, bound)


@contextmanager
def _usable(what: str) -> Iterator[None]:
    """Turn an ``OSError`` into an error that names what could not be used."""
    try:
        yield
    except OSError as error:
        raise _Unusable(f"{what}: {error}") from error


def _settings(arguments: argparse.Namespace) -> Settings:
    from pydantic import ValidationError

    from phrase_provider.simulator.core.errors import validation_error
    from phrase_provider.simulator.core.settings import Settings

    try:
        return Settings.model_validate(dict(arguments.set))
    except ValidationError as error:
        raise _Unusable(f"--set: {validation_error(error).description}") from error


def _folder(
    arguments: argparse.Namespace, state: BaseState, others: Mapping[str, Section]
) -> StateFolder | None:
    """Return the state folder, if there is one, after loading what it holds."""
    from phrase_provider.simulator.core.persistence.folder import StateError, StateFolder

    if arguments.state is None:
        return None
    try:
        folder = StateFolder(arguments.state, state, others)
        folder.load()
    except StateError as error:
        raise _Unusable(str(error)) from error
    return folder


def _parser() -> argparse.ArgumentParser:
    known = Credentials()
    parser = argparse.ArgumentParser(
        prog="phrase-simulator",
        description="A local Phrase: platform at /, TMS at /web, control at /_simulator.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default %(default)s)")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer to this host name, too, besides localhost and addresses; may be repeated",
    )
    parser.add_argument(
        "--deliver-to",
        choices=("loopback", "anywhere"),
        default="loopback",
        help="receivers of webhooks and callbacks (default %(default)s: only this machine)",
    )
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
    parser.add_argument(
        "--access-log",
        type=Path,
        metavar="FILE",
        help="append one JSON line per exchange, without secrets; only its owner may read it",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="keep everything in this folder, and go on from there at the next start",
    )
    parser.add_argument(
        "--set",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=JSON",
        help="start with one of the settings at /_simulator/settings; may be repeated",
    )
    return parser


def _setting(text: str) -> tuple[str, object]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not of the form NAME=JSON") from None


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {FASTEST}")
    return speed
