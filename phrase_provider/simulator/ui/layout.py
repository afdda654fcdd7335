"""What all pages share: templates, the clock at the top, headers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from phrase_provider.simulator.server.masking import masked_url
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.ui.job_commands import offered
from phrase_provider.simulator.ui.progress import standing

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_HEADERS = {
    # Scripts and styles come from here alone, and no other site shows the page in a frame of its own.
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


def answer(request: Request, template: str, status: int = 200, **context: object) -> Response:
    """
    Fill a template.

    :param template: file name below ``templates``.
    :param context: what the template shows, next to ``state``, which all have.
    """
    return _TEMPLATES.TemplateResponse(
        request, template, {"state": state_of(request), **context}, status, _HEADERS
    )


def _moment(seconds: float | None) -> str:
    """Write a moment for people to read; epoch seconds go in."""
    return "none" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _label(command: str) -> str:
    """Write a command as it stands on a button."""
    return command.replace("-", " ").capitalize()


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("phrase_provider.simulator.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        moment=_moment, label=_label, offered=offered, standing=standing, masked_url=masked_url
    )
    return environment


_TEMPLATES = Jinja2Templates(env=_environment())
