"""Limits: parallel requests, requests per minute, body sizes."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import error_body, too_large
from phrase_provider.simulator.server.messages import Answer
from phrase_provider.simulator.server.paths import TMS, takes_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.simulator.server.messages import Incoming, RawHeaders
    from phrase_provider.simulator.tms.state import State

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request without a file."""
_MINUTE = 60.0
_PAGE = "<html><head><title>429 Too Many Requests</title></head><body>429 Too Many Requests</body></html>"
_TOO_MANY = "TooManyRequests"


class Limits:
    """
    The limits of the TMS, in real time.

    The quota is that of a proxy in front of Phrase, so its answers lack all headers of Phrase. The
    limit of parallel requests is Phrase's own, so its answers have the usual headers. A refused
    request has no effect.

    :param state: has the settings, which a reset replaces.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._running = 0
        self._lately: deque[float] = deque()

    def clear(self) -> None:
        """Reset the count of requests of the last minute."""
        self._lately.clear()

    @contextmanager
    def running(self, incoming: Incoming) -> Iterator[None]:
        """Count a request as running until it is answered or its client has disconnected."""
        counts = _limited(incoming)
        self._running += counts
        try:
            yield
        finally:
            self._running -= counts

    def over_quota(self, incoming: Incoming) -> Answer | None:
        """Return the proxy's 429 when the quota of the minute is used up; otherwise count the request."""
        quota, now = self._state.settings.quota_per_minute, time.monotonic()
        if quota is None or not _limited(incoming):
            return None
        while self._lately and self._lately[0] <= now - _MINUTE:
            self._lately.popleft()
        if len(self._lately) < quota:
            self._lately.append(now)
            return None
        if self._state.settings.quota_html:
            return Answer.text(429, "text/html", _PAGE, self._retry_after())
        body = error_body(_TOO_MANY, f"More than {quota} requests in a minute.")
        return Answer.json(429, body, self._retry_after())

    def over_capacity(self, incoming: Incoming) -> Answer | None:
        """Return a 429 when too many requests are running, this one included."""
        limit = self._state.settings.parallel_requests
        if limit is None or self._running <= limit or not _limited(incoming):
            return None
        body = error_body(_TOO_MANY, f"More than {limit} requests at once.")
        return Answer.json(429, body, self._retry_after())

    def body_size(self, path: str) -> int:
        """Return the maximum size in bytes of the body of a request to a path."""
        return self._state.settings.upload_limit if takes_files(path) else LARGEST_BODY

    def over_size(self, incoming: Incoming) -> Answer | None:
        """Return a 400 for a request whose body is too large."""
        if not incoming.too_large:
            return None
        error = too_large(self.body_size(incoming.path))
        return Answer.json(error.status, error_body(error.code, error.description))

    def headers(self, incoming: Incoming) -> RawHeaders:
        """Return the rate limit headers of Phrase's answers."""
        limit = self._state.settings.parallel_requests
        if limit is None or not _limited(incoming):
            return []
        remaining = max(limit - self._running, 0)
        return [
            (b"ratelimit-limit", str(limit).encode()),
            (b"ratelimit-remaining", str(remaining).encode()),
        ]

    def _retry_after(self) -> dict[str, str]:
        seconds = self._state.settings.retry_after
        return {} if seconds is None else {"retry-after": str(seconds)}


def _limited(incoming: Incoming) -> bool:
    return incoming.path.startswith(TMS)
