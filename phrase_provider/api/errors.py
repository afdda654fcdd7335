"""The error for an HTTP answer, or for the lack of one: what happened, and what to do."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3

from phrase_provider.api.marks import ACTION_ID_HEADERS
from phrase_provider.api.rate_limits import named_wait
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseConnectionError,
    PhraseGatewayError,
    PhraseInputError,
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
from phrase_provider.text import printable

if TYPE_CHECKING:
    from phrase_provider.api.endpoint import Endpoint

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
_REFUSED = "Correct the request: repeating it unchanged gives the same answer."
_NO_SLOT = "Wait until others have ended: Phrase allows 200 pending async requests per organization."
_NOT_READY = "The job is still being imported: wait for the import, then try again."

_BETWEEN = "A proxy, a gateway or a login page may stand in between"
#: What to do about an answer that is not Phrase's; ``3`` stands for all redirects.
_GATEWAY_HINTS = {
    3: "Redirects are not followed, since they would carry the token: check the URLs of the connection, and "
    "whether a login page stands in between.",
    401: f"{_BETWEEN}, or the API token of the connection is revoked, expired or for another service: check "
    "both.",
    403: f"{_BETWEEN}, or the user of the API token lacks the right for this operation: check both.",
    407: "The proxy wants a user and a password: put them into its URL (HTTPS_PROXY), or ask who runs it.",
}
_GATEWAY = f"{_BETWEEN}: check the URLs of the connection, and try again."

#: Phrase documents the limit, but neither status nor code of its refusal.
_TOO_MANY = r"limit|too ?many|exceed|maximum|more than"
_PENDING_LIMIT = re.compile(
    rf"(pending|async).{{0,60}}({_TOO_MANY})|({_TOO_MANY}).{{0,60}}(pending|async)", re.IGNORECASE | re.DOTALL
)

#: Bytes of a body that are looked at for what it says, and characters of an error's text that are kept.
_READ, _TOLD = 4000, 500
_NO_JSON = object()
_SHORTEST_SECRET = 8

#: What ends a call without an answer; URLs and headers that cannot be ones pass requests by.
NO_ANSWER = (requests.RequestException, urllib3.exceptions.LocationValueError, UnicodeError)
_NO_URL = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.LocationValueError,
)
_NO_HEADER = (requests.exceptions.InvalidHeader, UnicodeError)
#: How a proxy refuses to lead to an HTTPS host; no answer comes then.
_NO_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b")
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
    """Return the id that Phrase gives each answer, at most 100 characters; None where there is none."""
    told = next((response.headers[name] for name in ACTION_ID_HEADERS if name in response.headers), None)
    return None if told is None else printable(told, 100)


def from_response(response: requests.Response, endpoint: Endpoint) -> PhraseApiError | PhraseGatewayError:
    """
    Return the error for an answer whose status is no success.

    Only an answer with one of the marks of the endpoint's API is Phrase's word. A 429 is one without, too:
    the quota per minute is counted before the application that sets the marks.

    :param response: the answer; its body is read.
    :param endpoint: what was called.
    """
    status, body = response.status_code, _json(response)
    code, description = _told(response, body)
    kind: type[PhraseApiError | PhraseGatewayError]
    if _is_of_phrase(response, endpoint, body):
        message = f"Phrase answered {status} to {endpoint}"
        kind, hint = _kind(status, code, description)
    else:
        message = f"The answer {status} to {endpoint} has no mark of Phrase"
        kind, hint = PhraseGatewayError, _gateway_hint(status)
    error = kind(
        message,
        hint=hint,
        status=status,
        error_code=code,
        description=description,
        action_id=action_id(response),
        endpoint=str(endpoint),
        retry_after=named_wait(status, response.headers),
    )
    # What a proxy refuses for want of a password goes no further.
    return error.mark_sent(status != 407) if isinstance(error, PhraseGatewayError) else error


def not_json(response: requests.Response, endpoint: Endpoint) -> PhraseServerError | PhraseGatewayError:
    """Return the error for a 2xx answer whose body is not the JSON that the endpoint documents."""
    return _not_the_documented(response, endpoint, f"{_describe(response)} instead of JSON")


def not_documented(response: requests.Response, endpoint: Endpoint) -> PhraseServerError | PhraseGatewayError:
    """Return the error for a 2xx answer with another status than the endpoint documents."""
    status, wanted = response.status_code, endpoint.success
    return _not_the_documented(response, endpoint, f"{_describe(response)} and {status} instead of {wanted}")


def _not_the_documented(
    response: requests.Response, endpoint: Endpoint, told: str
) -> PhraseServerError | PhraseGatewayError:
    marked = endpoint.marks.on_headers(response.headers)
    return (PhraseServerError if marked else PhraseGatewayError)(
        f"{endpoint} was answered with {told}",
        hint="A proxy or a maintenance page may stand in between: check the URLs of the connection.",
        status=response.status_code,
        action_id=action_id(response),
        endpoint=str(endpoint),
    )


def incomplete(response: requests.Response, endpoint: Endpoint, lacking: list[str]) -> PhraseServerError:
    """Return the error for a 2xx answer that lacks what the endpoint documents."""
    return PhraseServerError(
        f"Phrase answered {endpoint} without {', '.join(lacking)}",
        hint=_SERVER,
        status=response.status_code,
        action_id=action_id(response),
        endpoint=str(endpoint),
    )


def not_a_file(response: requests.Response, endpoint: Endpoint) -> PhraseServerError | PhraseGatewayError:
    """Return the error for a 2xx answer that is not the file that the endpoint documents."""
    return _not_the_documented(response, endpoint, f"{_describe(response)} instead of a file")


def without_secret(error: Exception) -> Exception | None:
    """
    Return the error if it may be shown as the cause of another, else None.

    What a library refuses as a header or URL it quotes, with the access token or the password of a proxy.

    :param error: one of :data:`NO_ANSWER`.
    """
    return None if isinstance(error, ValueError) else error


def from_transport(error: Exception, endpoint: str) -> PhraseTransportError | PhraseInputError:
    """
    Return the error for a call that got no answer.

    :param error: one of :data:`NO_ANSWER`; only its kind is told, since its text may hold the URL.
    :param endpoint: method and path of the call.
    """
    if isinstance(error, _NO_URL):
        return PhraseConnectionError(
            f"A URL of the connection cannot be used for {endpoint}",
            hint="Correct host name and port of the connection's URLs, or of the proxy; "
            "they begin with https:// or http://.",
            endpoint=endpoint,
        )
    if isinstance(error, _NO_HEADER):
        return PhraseInputError(
            f"{endpoint} cannot be sent: a header or a value has characters that HTTP does not take",
            hint="Look for line breaks and unusual letters in the connection's fields and in file names.",
            endpoint=endpoint,
        )
    if (refusal := _NO_TUNNEL.search(str(error))) and _caused_by(error, (urllib3.exceptions.ProxyError,)):
        return _no_tunnel(int(refusal[1]), endpoint)
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


def _no_tunnel(status: int, endpoint: str) -> PhraseGatewayError:
    return PhraseGatewayError(
        f"The proxy answered {status} to {endpoint}",
        hint=_GATEWAY_HINTS[407]
        if status == 407
        else "Ask who runs the proxy to let the host of Phrase pass.",
        status=status,
        endpoint=endpoint,
    ).mark_sent(False)


def never_sent(error: BaseException) -> bool:
    """Return whether a failed call certainly did not reach Phrase."""
    return _caused_by(error, _NEVER_SENT)


def _is_of_phrase(response: requests.Response, endpoint: Endpoint, body: object) -> bool:
    status = response.status_code
    if status < 400 or status == 407:
        return False
    if status == 429 or (status == 404 and endpoint.optional):
        return True
    return endpoint.marks.on_headers(response.headers) or endpoint.marks.on_body(body)


def _gateway_hint(status: int) -> str:
    return _GATEWAY_HINTS.get(3 if status < 400 else status, _GATEWAY)


def _kind(status: int, code: str | None, text: str | None) -> tuple[type[PhraseApiError], str]:
    if code == "JOB_NOT_READY":
        return PhraseJobNotReadyError, _NOT_READY
    if status not in (401, 404) and _PENDING_LIMIT.search(f"{code} {text}"):
        return PhrasePendingLimitError, _NO_SLOT
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 501:
        return PhraseApiError, "Phrase does not offer this operation."
    return (PhraseServerError, _SERVER) if status >= 500 else (PhraseValidationError, _REFUSED)


def _json(response: requests.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return _NO_JSON


def _told(response: requests.Response, body: object) -> tuple[str | None, str | None]:
    """Return error code and description of an answer, cut and escaped."""
    if isinstance(body, Mapping):
        # TMS speaks errorCode, the platform's token endpoint error (RFC 6749).
        code = body.get("errorCode") or body.get("error")
        text = body.get("errorDescription") or body.get("error_description") or body.get("message")
        return _short(code, response), _short(text, response)
    return None, _describe(response) if body is _NO_JSON or _is_redirect(response) else None


def _describe(response: requests.Response) -> str:
    """Return what an answer is that Phrase would not give: redirect, HTML page, text or whatever else."""
    if _is_redirect(response):
        return f"a redirect to {_host(response.headers.get('Location', ''))}"
    if not response.content:
        return "an empty body"
    text = _beginning(response)
    if title := re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL):
        return f"an HTML page titled '{printable(_masked(title[1].strip(), response), 200)}'"
    kind = response.headers.get("Content-Type", "unknown")
    if kind.lower().startswith("text/plain"):
        return f"the text '{printable(_masked(text.strip(), response))}'"
    return f"a body of type {printable(kind, 100)}"


def _is_redirect(response: requests.Response) -> bool:
    return 300 <= response.status_code < 400


def _host(location: str) -> str:
    """Return the host of a URL, of which path and query may be secret."""
    with suppress(ValueError):
        if host := urlsplit(location).hostname:
            return printable(host, 100)
    return "another page"


def _beginning(response: requests.Response) -> str:
    beginning = response.content[:_READ]
    try:
        return beginning.decode(response.encoding or "utf-8", "replace")
    except LookupError:
        return beginning.decode("utf-8", "replace")


def _short(value: object, response: requests.Response) -> str | None:
    return printable(_masked(str(value), response)[:_TOLD], 2 * _TOLD) if value else None


def _masked(text: str, response: requests.Response) -> str:
    """Return a text without the tokens of the request, which a server may give back."""
    request = response.request
    secrets = [request.headers.get("Authorization", "").removeprefix("Bearer ")]
    if isinstance(request.body, str):
        secrets += parse_qs(request.body).get("subject_token", [])
    for secret in secrets:
        # A shorter one is a test's, and may be part of any word.
        if len(secret) > _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return text


def _caused_by(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    return any(isinstance(cause, kinds) for cause in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """Return all causes that requests and urllib3 nest in ``args``, ``reason`` and ``__cause__``."""
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
    return printable(f"{type(innermost).__name__} {detail}".strip())
