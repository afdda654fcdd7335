"""Errors in the shape of Phrase TMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from starlette.requests import Request

    from phrase_provider.simulator.core.settings import Settings


class ApiError(Exception):
    """
    An error that is answered with 4xx or 5xx.

    :param status: HTTP status.
    :param code: Phrase's ``errorCode``.
    :param description: Phrase's ``errorDescription``, which may be ``None``.
    """

    def __init__(self, status: int, code: str, description: str | None = None) -> None:
        super().__init__(f"{status} {code}: {description}")
        self.status = status
        self.code = code
        self.description = description


def bad_request(description: str) -> ApiError:
    """Return the error of a request that violates the specification (400)."""
    return ApiError(400, "InvalidArguments", description)


def too_large(limit: int) -> ApiError:
    """Return the error of a body with more than ``limit`` bytes (400: Phrase documents no 413)."""
    return bad_request(f"The request has more than {limit} bytes.")


def not_found(what: str, uid: str) -> ApiError:
    """Return the error of an unknown id (404)."""
    return ApiError(404, "NotFound", f"{what} {uid} was not found.")


def unauthorized(settings: Settings) -> ApiError:
    """Return the error of a caller without a valid token, or with a wrong password (401)."""
    return ApiError(401, settings.unauthorized_code, "The token or password is missing, unknown or expired.")


def unsupported_media_type(expected: str) -> ApiError:
    """Return the error of a body with another media type (415)."""
    return ApiError(415, "UnsupportedMediaType", f"Content-Type must be {expected}.")


def validation_error(error: ValidationError, what: str = "body") -> ApiError:
    """
    Return the error that lists what pydantic found (400); values that were sent are not repeated.

    :param what: name of the whole input, for errors that concern no single field.
    """
    found = [f"{'.'.join(map(str, item['loc'])) or what}: {_wording(item)}" for item in error.errors()]
    return bad_request("; ".join(found))


def _wording(item: Mapping[str, object]) -> str:
    limits = item.get("ctx")
    if item["type"] == "less_than_equal" and isinstance(limits, dict):
        return f"Maximum value is: {limits['le']}"
    return str(item["msg"])


def error_body(code: str, description: str | None) -> dict[str, str | None]:
    """Return the body of an error answer."""
    return {"errorCode": code, "errorDescription": description}


async def handle_api_error(_: Request, error: Exception) -> JSONResponse:
    """Return the answer to an :class:`ApiError`."""
    api_error = error if isinstance(error, ApiError) else ApiError(500, "InternalServerError")
    return JSONResponse(error_body(api_error.code, api_error.description), api_error.status)


async def handle_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Return the answer to a malformed form (400), an unknown route (404) or a wrong method (405)."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {400: "InvalidArguments", 404: "NotFound", 405: "MethodNotAllowed"}.get(
        status, "InternalServerError"
    )
    return JSONResponse(error_body(code, f"{request.method} {request.url.path}"), status)
