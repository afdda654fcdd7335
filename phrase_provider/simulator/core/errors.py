"""Refusals, in the shape that Phrase TMS gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from starlette.requests import Request

    from phrase_provider.simulator.core.settings import Settings


class Refusal(Exception):
    """
    An answer of 4xx or 5xx.

    :param status: HTTP status.
    :param code: Phrase's ``errorCode``.
    :param description: Phrase's ``errorDescription``, which may be ``None``.
    """

    def __init__(self, status: int, code: str, description: str | None = None) -> None:
        super().__init__(f"{status} {code}: {description}")
        self.status = status
        self.code = code
        self.description = description


def invalid(description: str) -> Refusal:
    """Return the refusal of a request that breaks the specification."""
    return Refusal(400, "InvalidArguments", description)


def too_large(limit: int) -> Refusal:
    """Return the refusal of a body with more than ``limit`` bytes; 413 is no status that Phrase documents."""
    return invalid(f"The request has more than {limit} bytes.")


def not_found(what: str, uid: str) -> Refusal:
    """Return the refusal of an id that nothing has."""
    return Refusal(404, "NotFound", f"{what} {uid} was not found.")


def unauthorized(settings: Settings) -> Refusal:
    """Return the refusal of a caller without a token in force, or with a wrong password."""
    return Refusal(401, settings.unauthorized_code, "The token or password is missing, unknown or expired.")


def unsupported_media_type(expected: str) -> Refusal:
    """Return the refusal of a body of another type."""
    return Refusal(415, "UnsupportedMediaType", f"Content-Type must be {expected}.")


def invalid_input(error: ValidationError, what: str = "body") -> Refusal:
    """
    Return the refusal that lists what pydantic found; values that were sent are not repeated.

    :param what: name of what is wrong where it is wrong as a whole.
    """
    found = [f"{'.'.join(map(str, item['loc'])) or what}: {_wording(item)}" for item in error.errors()]
    return invalid("; ".join(found))


def _wording(item: Mapping[str, object]) -> str:
    limits = item.get("ctx")
    if item["type"] == "less_than_equal" and isinstance(limits, dict):
        return f"Maximum value is: {limits['le']}"
    return str(item["msg"])


def error_body(code: str, description: str | None) -> dict[str, str | None]:
    """Return the body of an error answer."""
    return {"errorCode": code, "errorDescription": description}


async def answer_refusal(_: Request, error: Exception) -> JSONResponse:
    """Turn a :class:`Refusal` into an answer."""
    refusal = error if isinstance(error, Refusal) else Refusal(500, "InternalServerError")
    return JSONResponse(error_body(refusal.code, refusal.description), refusal.status)


async def answer_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Turn a malformed form (400), an unknown route (404) or a wrong method (405) into an answer."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {400: "InvalidArguments", 404: "NotFound", 405: "MethodNotAllowed"}.get(
        status, "InternalServerError"
    )
    return JSONResponse(error_body(code, f"{request.method} {request.url.path}"), status)
