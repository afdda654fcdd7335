"""The source of access tokens: one is kept until shortly before it ends, and exchanged by one thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.api.auth.access_token import AccessToken
    from phrase_provider.api.auth.token_cache import TokenCache


class TokenSource:
    """
    The access token of an organization, exchanged for a new one only when it must be.

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
        Return a token that is good for the next minutes.

        :raises PhraseError: the exchange failed.
        """
        return self._current(rejected=None)

    def renew(self, rejected: str) -> str:
        """
        Return another token than the one that Phrase just answered with 401.

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
