"""One call to Phrase: authorization, repeats, errors and the log line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any, TypeVar

import requests

from phrase_provider.api import errors
from phrase_provider.api.call_log import CallLog
from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.rate_limits import Quota, quota
from phrase_provider.api.retries import is_of, retrying
from phrase_provider.exceptions import (
    PhraseOutcomeUnknownError,
    PhraseServerError,
    PhraseTransportError,
)

if TYPE_CHECKING:
    from typing import Self

    from phrase_provider.api.settings import ClientSettings
    from phrase_provider.api.token import TokenSource

T = TypeVar("T")

#: Opens the file to upload, anew for each time it is sent.
Opener = Callable[[], AbstractContextManager[IO[bytes]]]


#: Bytes of a streamed body that are in memory at a time.
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call to make.

    :param endpoint: what to call.
    :param ids: values for the names in its path.
    :param query: query parameters; None values are left out, lists repeat the name.
    :param body: sent as JSON.
    :param form: sent form-encoded.
    :param headers: added to the usual ones.
    :param upload: the file to send as the body.
    :param expect: keys without which a JSON answer is not the one that the endpoint documents.
    """

    endpoint: Endpoint
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    upload: Opener | None = None
    expect: tuple[str, ...] = ()


class PhraseSession:
    """
    Sends calls to one base URL over kept-alive connections.

    :param settings: addresses and habits.
    :param base_url: where the endpoints' paths begin.
    :param token: gives and renews the access token; None for calls without one.
    :param call_log: writes a line for each request.
    :param sleep: called with seconds between repeats.
    """

    def __init__(
        self,
        settings: ClientSettings,
        base_url: str,
        *,
        token: TokenSource | None = None,
        call_log: CallLog | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        #: What the last answer told of the quota, if it did.
        self.quota: Quota | None = None
        #: A renewed token that was answered 401 at once: another one would not help.
        self._refused: str | None = None
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._log = call_log or CallLog()
        self._sleep = sleep
        self._http = _Http()
        self._http.headers.update({"User-Agent": settings.user_agent, "Accept": "application/json"})
        # Without any, requests puts what a netrc file has for the host in place of the access token.
        self._http.auth = _no_auth

    def json(self, call: Call) -> Any:
        """
        Make a call that answers with JSON, or with nothing (204).

        :param call: what to send.
        :return: the decoded body, None for 204.
        :raises PhraseError: as :mod:`phrase_provider.exceptions` tells.
        """

        def attempt() -> Any:
            with self._send(call) as response:
                return _decode(response, call)

        return self._perform(call.endpoint, attempt)

    @contextmanager
    def stream(self, call: Call) -> Iterator[requests.Response]:
        """
        Make a call that answers with a file, and hand over the answer unread.

        :param call: what to send.
        :raises PhraseError: as :mod:`phrase_provider.exceptions` tells.
        """

        def attempt() -> requests.Response:
            response = self._send(call, stream=True)
            if not _is_file(response):
                with response:
                    raise errors.not_a_file(response, call.endpoint)
            return response

        with self._perform(call.endpoint, attempt) as response:
            yield response

    def impatient(self, timeout: float) -> Self:
        """
        Make a session with the same token that gives up soon and repeats nothing.

        :param timeout: seconds to wait for a connection, and for each part of an answer.
        """
        settings = replace(self.settings, timeout=min(timeout, self.settings.timeout), retries=0)
        return type(self)(settings, self._base_url, token=self._token, call_log=self._log)

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._http.close()

    def _perform(self, endpoint: Endpoint, attempt: Callable[[], T]) -> T:
        try:
            return retrying(self.settings, endpoint, self._sleep)(attempt)
        except (PhraseTransportError, PhraseServerError) as error:
            doubtful = is_of(error, endpoint) and getattr(error, "sent", True)
            if endpoint.repeat is Repeat.LOOK_UP and doubtful:
                raise _outcome_unknown(error) from error
            raise

    def _send(self, call: Call, *, stream: bool = False) -> requests.Response:
        """Send once, and once more with a new token if the first was refused with 401."""
        token = self._token.get() if self._token else None
        response = self._exchange(call, token, stream)
        if response.status_code != 401:
            self._refused = None
        elif self._token and token and token != self._refused:
            response.close()
            renewed = self._token.renew(token)
            response = self._exchange(call, renewed, stream)
            self._refused = renewed if response.status_code == 401 else None
        if not _is_success(response):
            with response:
                raise errors.from_response(response, call.endpoint)
        return response

    def _exchange(self, call: Call, token: str | None, stream: bool) -> requests.Response:
        with self._log.call(call.endpoint, call.ids) as line:
            try:
                with call.upload() if call.upload else nullcontext() as file:
                    response = self._http.request(
                        call.endpoint.method,
                        self._base_url + call.endpoint.fill(call.ids),
                        params={name: value for name, value in call.query.items() if value is not None},
                        json=call.body,
                        data=file if file is not None else call.form,
                        headers=_headers(call, token, stream),
                        stream=stream,
                        **self._habits,
                    )
                if not _is_success(response):
                    # Read while a body that breaks off is still an error of the network.
                    _ = response.content
            except errors.NO_ANSWER as error:
                raise errors.from_transport(error, str(call.endpoint)) from error
            line.status_code, line.action_id = response.status_code, errors.action_id(response)
            self.quota = quota(response.headers)
            return response

    @property
    def _habits(self) -> dict[str, Any]:
        return {
            "timeout": self.settings.timeout,
            # A redirect would carry the token to another place; no endpoint documents one.
            "allow_redirects": False,
            "verify": self.settings.verify,
            "cert": self.settings.client_certificate,
        }


def pieces(response: requests.Response, endpoint: Endpoint) -> Iterator[bytes]:
    """
    Yield the body of a streamed answer in constant memory.

    :param response: from :meth:`PhraseSession.stream`.
    :param endpoint: what was called.
    :raises PhraseTransportError: it broke off.
    """
    try:
        yield from response.iter_content(_PIECE)
    except requests.RequestException as error:
        raise errors.from_transport(error, str(endpoint)) from error


class _Http(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing: `requests` parses where a redirect leads even if it is not to follow it."""


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _is_success(response: requests.Response) -> bool:
    # A redirect is no success: it is not followed, and its page is not what was asked for.
    return 200 <= response.status_code < 300


def _is_file(response: requests.Response) -> bool:
    # Phrase names the file it sends; the page of a proxy has no name.
    page = response.headers.get("Content-Type", "").startswith(("text/html", "application/json"))
    return not page or "Content-Disposition" in response.headers


def _headers(call: Call, token: str | None, stream: bool) -> dict[str, str]:
    headers = dict(call.headers)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if stream:
        # Without this a proxy may compress, and Content-Length no longer tells the file's size.
        headers |= {"Accept": "*/*", "Accept-Encoding": "identity"}
    return headers


def _decode(response: requests.Response, call: Call) -> Any:
    if response.status_code == 204 and not call.expect:
        return None
    try:
        answer = response.json()
    except ValueError as error:
        raise errors.not_json(response, call.endpoint) from error
    lacking = [key for key in call.expect if not isinstance(answer, dict) or answer.get(key) is None]
    if lacking:
        raise errors.incomplete(response, call.endpoint, lacking)
    return answer


def _outcome_unknown(error: PhraseTransportError | PhraseServerError) -> PhraseOutcomeUnknownError:
    return PhraseOutcomeUnknownError(
        f"It is not known whether {error.endpoint} took effect: {error.message}",
        hint=f"Nothing was sent again. Look in Phrase before you repeat it. {error.hint or ''}".strip(),
        status=error.status,
        error_code=error.error_code,
        description=error.description,
        action_id=error.action_id,
        endpoint=error.endpoint,
    )
