"""Form-encoded bodies, of HTML forms and OAuth requests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.requests import Request


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form-encoded body; of a field that was sent twice, the last value counts."""
    return {key: values[-1] for key, values in parse_qs((await request.body()).decode("latin-1")).items()}
