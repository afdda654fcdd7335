"""The layout of all pages: template environment, filters, headers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from phrase_provider.simulator.server.masking import masked_url
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.ui.available_commands import available_commands
from phrase_provider.simulator.ui.progress import display_status

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_HEADERS = {
    # Only own scripts and styles are loaded, and other sites cannot embed the page in a frame.
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


def render_page(request: Request, template: str, status: int = 200, **context: object) -> Response:
    """
    Return a page from a template.

    :param template: file name below ``templates``.
    :param context: variables of the template, besides ``state``.
    """
    return _TEMPLATES.TemplateResponse(
        request, template, {"state": state_of(request), **context}, status, _HEADERS
    )


def _moment(seconds: float | None) -> str:
    """Return a moment (epoch seconds) in a readable form."""
    return "none" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _label(command: str) -> str:
    """Return the label of a command's button."""
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
        moment=_moment,
        label=_label,
        available_commands=available_commands,
        display_status=display_status,
        masked_url=masked_url,
    )
    return environment


_TEMPLATES = Jinja2Templates(env=_environment())
