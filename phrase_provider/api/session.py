"""Sending one call to Phrase: authorization, repeats, errors and the log line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeVar

from phrase_provider.api import errors
from phrase_provider.api.bodies import FileBody, is_file, read_all
from phrase_provider.api.call_log import CallLog
from phrase_provider.api.deadline import Deadline
from phrase_provider.api.endpoint import Endpoint, Query, Repeat
from phrase_provider.api.rate_limits import Quota, quota
from phrase_provider.api.request_text import request_text
from phrase_provider.api.retries import is_of, retrying
from phrase_provider.api.transport import http_session
from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseError,
    PhraseInputError,
    PhraseOutcomeUnknownError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseTransportError,
)

if TYPE_CHECKING:
    from typing import Self

    import requests

    from phrase_provider.api.settings import ClientSettings

T = TypeVar("T")

#: What an answer, or the lack of one, may be although the request took effect.
_IN_DOUBT = (PhraseTransportError, PhraseServerError, PhraseAuthenticationError, PhraseRateLimitError)

#: Opens the file to upload, anew for each time it is sent.
Opener = Callable[[], AbstractContextManager[IO[bytes]]]


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
    query: Query = field(default_factory=dict)
    body: object = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    upload: Opener | None = None
    expect: tuple[str, ...] = ()


class TokenProvider(Protocol):
    """What gives a session its access tokens."""

    def get(self) -> str:
        """
        Return an access token that is good for the next minutes.

        :raises PhraseError: there is none to be had.
        """

    def renew(self, rejected: str) -> str:
        """
        Return another access token than the one that was answered with 401.

        :param rejected: that token.
        :raises PhraseError: there is none to be had.
        """


class PhraseSession:
    """
    Sends calls to one base URL over kept-alive connections.

    :param settings: addresses and limits.
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
        token: TokenProvider | None = None,
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
        self._http = http_session(
            base_url, verify=settings.verify, client_certificate=settings.client_certificate
        )
        self._http.headers.update({"User-Agent": settings.user_agent, "Accept": "application/json"})

    def json(self, call: Call) -> Any:
        """
        Send a call, and return its JSON answer, or nothing where that is documented (204).

        :param call: what to send.
        :return: the decoded body, None for 204.
        :raises PhraseError: as :mod:`phrase_provider.exceptions` tells.
        """

        def attempt() -> object:
            with self._deadline() as deadline, self._send(call, deadline) as response:
                return _decode(response, call)

        return self._perform(call, attempt)

    @contextmanager
    def stream(self, call: Call) -> Iterator[FileBody]:
        """
        Send a call, and return the file that it answers with, unread.

        :param call: what to send.
        :raises PhraseError: as :mod:`phrase_provider.exceptions` tells.
        """
        with ExitStack() as stack:
            yield self._perform(call, partial(self._open, call, stack))

    def with_timeout(self, timeout: float) -> Self:
        """
        Return a session with the same token that gives up soon and repeats nothing.

        :param timeout: seconds to wait for a connection, and for each part of an answer.
        """
        settings = replace(self.settings, timeout=min(timeout, self.settings.timeout), retries=0)
        return type(self)(settings, self._base_url, token=self._token, call_log=self._log)

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._http.close()

    def _perform(self, call: Call, attempt: Callable[[], T]) -> T:
        try:
            if not self.settings.retries:
                return attempt()
            return retrying(self.settings, call.endpoint, self._sleep)(attempt)
        except PhraseError as error:
            if is_of(error, call.endpoint) and _was_sent(error):
                error.note_request(_told(call, self._base_url))
                if call.endpoint.repeat is Repeat.LOOK_UP and isinstance(error, _IN_DOUBT):
                    raise _outcome_unknown(error) from error
            raise

    def _open(self, call: Call, stack: ExitStack) -> FileBody:
        with ExitStack() as opened:
            deadline = opened.enter_context(self._deadline())
            response = opened.enter_context(self._send(call, deadline, stream=True))
            body = FileBody(response, call.endpoint, deadline, self.settings.max_download)
            stack.enter_context(opened.pop_all())
            return body

    def _deadline(self) -> Deadline:
        return Deadline(self.settings.total_timeout)

    def _send(self, call: Call, deadline: Deadline, *, stream: bool = False) -> requests.Response:
        """Send once, and once more with a new token if the first was refused with 401."""
        token = self._token.get() if self._token else None
        response = self._exchange(call, token, deadline, stream)
        if response.status_code != 401:
            self._refused = None
        elif self._token and token and token != self._refused:
            response.close()
            renewed = self._token.renew(token)
            # A create may have taken effect all the same: who called looks, and calls again with the new one.
            if call.endpoint.repeat is not Repeat.LOOK_UP:
                response = self._exchange(call, renewed, deadline, stream)
                self._refused = renewed if response.status_code == 401 else None
        if not _is_success(response):
            with response:
                raise errors.from_response(response, call.endpoint)
        return response

    def _exchange(self, call: Call, token: str | None, deadline: Deadline, stream: bool) -> requests.Response:
        deadline.start()
        with self._log.call(call.endpoint, call.ids) as line:
            try:
                with call.upload() if call.upload else nullcontext() as file, deadline.current():
                    response = self._http.ask(
                        call.endpoint.method,
                        self._base_url + call.endpoint.fill(call.ids),
                        params={name: value for name, value in call.query.items() if value is not None},
                        json=call.body,
                        data=file if file is not None else call.form,
                        headers=_headers(call, token, stream),
                        timeout=self.settings.timeout,
                    )
                if not (stream and is_file(response)):
                    # Here, where a body that breaks off is an error of the network.
                    whole = _is_success(response) and not stream
                    read_all(response, call.endpoint, deadline, whole=whole)
            except errors.NO_ANSWER as error:
                if deadline.passed:
                    raise deadline.error(call.endpoint) from error
                reason = errors.without_secret(error)
                raise errors.from_transport(error, str(call.endpoint)) from reason
            if deadline.passed:
                # A body without a length just ends when its socket is closed.
                raise deadline.error(call.endpoint)
            line.status_code, line.action_id = response.status_code, errors.action_id(response)
            self.quota = quota(response.headers)
            return response


def _is_success(response: requests.Response) -> bool:
    # A redirect is no success: it is not followed, and its page is not what was asked for.
    return 200 <= response.status_code < 300


def _headers(call: Call, token: str | None, stream: bool) -> dict[str, str]:
    headers = dict(call.headers)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if stream:
        # Without this a proxy may compress, and Content-Length no longer tells the file's size.
        headers |= {"Accept": "*/*", "Accept-Encoding": "identity"}
    return headers


def _decode(response: requests.Response, call: Call) -> object:
    if call.endpoint.success not in (None, response.status_code):
        raise errors.not_documented(response, call.endpoint)
    if call.endpoint.success == HTTPStatus.NO_CONTENT:
        return None
    try:
        answer = response.json()
    except (ValueError, RecursionError) as error:
        raise errors.not_json(response, call.endpoint) from error
    lacking = [key for key in call.expect if not isinstance(answer, dict) or answer.get(key) is None]
    if lacking:
        raise errors.incomplete(response, call.endpoint, lacking)
    return answer


def _was_sent(error: PhraseError) -> bool:
    return getattr(error, "sent", True) and not isinstance(error, PhraseInputError)


def _told(call: Call, base_url: str) -> str:
    return request_text(
        call.endpoint.method,
        base_url + call.endpoint.fill(call.ids),
        query=call.query,
        headers=call.headers,
        body="(a file)" if call.upload else call.form or call.body,
    )


def _outcome_unknown(error: PhraseError) -> PhraseOutcomeUnknownError:
    return PhraseOutcomeUnknownError(
        f"It is not known whether {error.endpoint} took effect: {error.message}",
        hint=f"Nothing was sent again. Look in Phrase before you repeat it. {error.hint or ''}".strip(),
        **error.facts(),
    )
