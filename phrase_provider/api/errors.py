"""From an HTTP answer, or the lack of one, to the error that says what to do."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Any

import requests
import urllib3

from phrase_provider.api.rate_limits import named_wait
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseConnectionError,
    PhraseJobNotReadyError,
    PhraseNotFoundError,
    PhrasePendingLimitError,
    PhrasePermissionError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseTlsError,
    PhraseTransportError,
    PhraseValidationError,
)

#: Traffic shows the first name, Phrase's support article the second.
ACTION_ID_HEADERS = ("memsource-action-id", "phrase-action-id")

_BY_STATUS: dict[int, tuple[type[PhraseApiError], str]] = {
    408: (PhraseServerError, "The request arrived too slowly: try again."),
    401: (
        PhraseAuthenticationError,
        "Check the API token of the connection: revoked, expired, or for another service?",
    ),
    403: (PhrasePermissionError, "Give the user of the API token the right for this operation in Phrase."),
    404: (PhraseNotFoundError, "Check the uid, and that it belongs to the organization of the connection."),
    410: (PhraseNotFoundError, "It is no longer there: used up, expired or deleted."),
    429: (PhraseRateLimitError, "Try again later; spread calls, or run fewer tasks at once (a pool)."),
}
_SERVER = "A fault on Phrase's side: try again, and report the action id to Phrase if it stays."
_REDIRECT = "Redirects are not followed, since they would carry the token: check the URLs of the connection."
_REFUSED = "Correct the request: repeating it unchanged gives the same answer."
_NO_SLOT = "Wait until others have ended: Phrase allows 200 pending async requests per organization."
_NOT_READY = "The job is still being imported: wait for the import, then try again."

#: Phrase documents the limit, but neither status nor code of its refusal.
_TOO_MANY = r"limit|too ?many|exceed|maximum|more than"
_PENDING_LIMIT = re.compile(
    rf"(pending|async).{{0,60}}({_TOO_MANY})|({_TOO_MANY}).{{0,60}}(pending|async)", re.IGNORECASE | re.DOTALL
)

#: What ends a call without an answer; a host name that cannot be one passes requests by.
NO_ANSWER = (requests.RequestException, urllib3.exceptions.LocationParseError)
_NO_URL = (requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError)
#: No byte of the request had left when one of these came up.
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    ssl.SSLCertVerificationError,
)
#: TLS's words for a connection that was cut, which says nothing of certificates.
_CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


def action_id(response: requests.Response) -> str | None:
    """Read the id that Phrase gives each answer, under either name."""
    return next((response.headers[name] for name in ACTION_ID_HEADERS if name in response.headers), None)


def from_response(response: requests.Response, endpoint: str) -> PhraseApiError:
    """
    Build the error for an answer whose status is no success.

    :param response: the answer; its body is read.
    :param endpoint: method and path of the call.
    """
    body = _error_body(response)
    code, description = body["code"], body["description"]
    kind, hint = _kind(response.status_code, code, description)
    return kind(
        f"Phrase answered {response.status_code} to {endpoint}",
        hint=hint,
        status=response.status_code,
        error_code=code,
        description=description,
        action_id=action_id(response),
        endpoint=endpoint,
        retry_after=named_wait(response.status_code, response.headers),
    )


def not_json(response: requests.Response, endpoint: str, wanted: str = "JSON") -> PhraseServerError:
    """Build the error for a 2xx answer whose body is not the JSON that the endpoint documents."""
    return PhraseServerError(
        f"Phrase answered {endpoint} with {_describe(response)} instead of {wanted}",
        hint="A proxy or a maintenance page may stand in between: check the URLs of the connection.",
        status=response.status_code,
        action_id=action_id(response),
        endpoint=endpoint,
    )


def incomplete(response: requests.Response, endpoint: str, lacking: list[str]) -> PhraseServerError:
    """Build the error for a 2xx answer that lacks what the endpoint documents."""
    return PhraseServerError(
        f"Phrase answered {endpoint} without {', '.join(lacking)}",
        hint=_SERVER,
        status=response.status_code,
        action_id=action_id(response),
        endpoint=endpoint,
    )


def not_a_file(response: requests.Response, endpoint: str) -> PhraseServerError:
    """Build the error for a 2xx answer that is not the file that the endpoint documents."""
    return not_json(response, endpoint, "a file")


def from_transport(error: Exception, endpoint: str) -> PhraseTransportError | PhraseConnectionError:
    """
    Build the error for a call that got no answer.

    :param error: one of :data:`NO_ANSWER`; only its kind is told, since its text may hold the URL.
    :param endpoint: method and path of the call.
    """
    if isinstance(error, _NO_URL):
        return PhraseConnectionError(
            f"A URL of the connection cannot be used for {endpoint}",
            hint="Correct host name and port of the connection's URLs, or of the proxy.",
            endpoint=endpoint,
        )
    if isinstance(error, requests.exceptions.SSLError) and not _caused_by(error, _CUT_OFF):
        return PhraseTlsError(
            f"TLS failed for {endpoint}: {_reason(error)}",
            hint="Set the CA bundle of the connection if a proxy or a private CA signs the certificate.",
            endpoint=endpoint,
        ).mark_sent(not never_sent(error))
    if isinstance(error, requests.Timeout):
        message, hint = "No answer in time", "Raise the timeout of the connection, or try again."
    else:
        message, hint = (
            "The connection failed",
            "Check the URLs of the connection, proxy and network.",
        )
    return PhraseTransportError(
        f"{message} for {endpoint}: {_reason(error)}", hint=hint, endpoint=endpoint
    ).mark_sent(not never_sent(error))


def never_sent(error: BaseException) -> bool:
    """Tell whether a failed call certainly did not reach Phrase."""
    return _caused_by(error, _NEVER_SENT)


def _kind(status: int, code: str | None, text: str | None) -> tuple[type[PhraseApiError], str]:
    if code == "JOB_NOT_READY":
        return PhraseJobNotReadyError, _NOT_READY
    if status not in (401, 404) and _PENDING_LIMIT.search(f"{code} {text}"):
        return PhrasePendingLimitError, _NO_SLOT
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status < 400:
        return PhraseApiError, _REDIRECT
    if status == 501:
        return PhraseApiError, "Phrase does not offer this operation."
    return (PhraseServerError, _SERVER) if status >= 500 else (PhraseValidationError, _REFUSED)


def _error_body(response: requests.Response) -> dict[str, str | None]:
    try:
        body: Any = response.json()
    except ValueError:
        return {"code": None, "description": _describe(response)}
    if not isinstance(body, Mapping):
        return {"code": None, "description": None}
    # TMS speaks errorCode, the platform's token endpoint error (RFC 6749).
    code = body.get("errorCode") or body.get("error")
    text = body.get("errorDescription") or body.get("error_description") or body.get("message")
    return {"code": _short(code), "description": _short(text)}


def _describe(response: requests.Response) -> str:
    if not response.content:
        return "an empty body"
    title = re.search(r"<title>(.*?)</title>", response.text[:4000], re.IGNORECASE | re.DOTALL)
    if title:
        return f"an HTML page titled {title[1].strip()[:200]!r}"
    return f"a body of type {response.headers.get('Content-Type', 'unknown')}"


def _short(value: object) -> str | None:
    return str(value)[:500] if value else None


def _caused_by(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    return any(isinstance(cause, kinds) for cause in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """Flatten what requests and urllib3 nest in ``args``, ``reason`` and ``__cause__``."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        item = queue.pop()
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            queue += [*item.args, getattr(item, "reason", None), item.__cause__]
    return found


def _reason(error: BaseException) -> str:
    innermost = _causes(error)[-1]
    detail = getattr(innermost, "strerror", None) or (
        str(innermost) if isinstance(innermost, OSError) and "http" not in str(innermost) else ""
    )
    return f"{type(innermost).__name__} {detail}".strip()[:300]
