"""Access tokens: exchanged, kept until shortly before they end, shared by the processes of a host."""

from __future__ import annotations

import math
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.marks import OAUTH
from phrase_provider.api.session import Call
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseServerError,
    PhraseValidationError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.api.auth.token_cache import TokenCache
    from phrase_provider.api.session import PhraseSession

#: Always safe to repeat: an exchange creates nothing but another short-lived token.
EXCHANGE = Endpoint("POST", "/idm/oauth/token", marks=OAUTH)

#: Seconds before its end at which a token is no longer used, and the share of a short life.
MARGIN, MARGIN_SHARE = 300.0, 0.1

#: Seconds a token is used when the answer does not tell its life, and at most: Phrase's live some hours.
FALLBACK_LIFE, LONGEST_LIFE = 300.0, 86_400.0

#: What may stand in the header ``Authorization: Bearer`` (RFC 6750, section 2.1).
_VALUE = re.compile(r"[A-Za-z0-9._~+/-]{1,16000}=*", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    A token for the product APIs.

    :param value: sent as ``Bearer``.
    :param use_until: epoch seconds after which it is renewed.
    :raises ValueError: the value cannot stand in a header.
    """

    value: str = field(repr=False)
    use_until: float

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or not _VALUE.fullmatch(self.value):
            raise ValueError("an access token that cannot stand in a header")

    @property
    def usable(self) -> bool:
        """Whether it may still be sent."""
        return time.time() < self.use_until


def exchange(session: PhraseSession, api_token: str) -> AccessToken:
    """
    Exchange a Platform API token for an access token.

    Source: ``POST /idm/oauth/token`` of the Platform API.

    :param session: for the platform's base URL.
    :param api_token: Platform API token.
    :raises PhraseAuthenticationError: the token was refused.
    :raises PhraseServerError: the answer has no access token that could be sent.
    """
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": api_token,
    }
    try:
        answer = session.json(Call(EXCHANGE, form=form))
    except PhraseValidationError as error:
        raise _refused(error) from error
    return _parse(answer)


def _parse(answer: Any) -> AccessToken:
    if not isinstance(answer, dict) or not answer.get("access_token"):
        raise PhraseServerError(
            f"{EXCHANGE} answered without an access_token",
            hint="Check the platform URL of the connection.",
            endpoint=str(EXCHANGE),
        )
    life = _life(answer.get("expires_in"))
    try:
        return AccessToken(answer["access_token"], time.time() + life - min(MARGIN, life * MARGIN_SHARE))
    except ValueError as error:
        raise PhraseServerError(
            f"{EXCHANGE} answered with {error}",
            hint="Check the platform URL of the connection: a proxy may stand in between.",
            endpoint=str(EXCHANGE),
        ) from None


def _life(expires_in: Any) -> float:
    try:
        life = float(expires_in or FALLBACK_LIFE)
    except (TypeError, ValueError, OverflowError):
        return FALLBACK_LIFE
    return FALLBACK_LIFE if math.isnan(life) else min(life, LONGEST_LIFE)


def _refused(error: PhraseApiError) -> PhraseAuthenticationError:
    return PhraseAuthenticationError(
        "Phrase refused the Platform API token",
        hint="Make a new one in Phrase (Settings, Profile, Access tokens) and put it into the connection's "
        "API token field; check that the region is the one of your organization.",
        **error.facts(),
    )


class TokenSource:
    """
    Gives the access token, and exchanges for a new one only when it must.

    One thread of the process exchanges while the others wait; with a cache, one process of the host.

    :param exchange: makes a new token.
    :param cache: shared with the other processes of this host, or None.
    :param on_new: told each token value that comes into use, so that a log can mask it.
    """

    def __init__(
        self,
        exchange: Callable[[], AccessToken],
        *,
        cache: TokenCache | None = None,
        on_new: Callable[[str], None] | None = None,
    ) -> None:
        self._exchange = exchange
        self._cache = cache
        self._on_new = on_new
        self._lock = threading.Lock()
        self._token: AccessToken | None = None

    def get(self) -> str:
        """
        Give a token that is good for the next minutes.

        :raises PhraseError: the exchange failed.
        """
        return self._current(rejected=None)

    def renew(self, rejected: str) -> str:
        """
        Give another token than the one that Phrase just answered with 401.

        :param rejected: that token; when somebody renewed it meanwhile, no second exchange is made.
        :raises PhraseError: the exchange failed.
        """
        return self._current(rejected)

    def _current(self, rejected: str | None) -> str:
        with self._lock:
            if not _good(self._token, rejected):
                self._token = self._fetch(rejected)
                if self._on_new:
                    self._on_new(self._token.value)
            assert self._token  # noqa: S101 - for mypy: _fetch returned it
            return self._token.value

    def _fetch(self, rejected: str | None) -> AccessToken:
        if self._cache is None:
            return self._exchange()
        return self._cache.get_or_make(lambda token: _good(token, rejected), self._exchange)


def _good(token: AccessToken | None, rejected: str | None) -> bool:
    return token is not None and token.usable and token.value != rejected
