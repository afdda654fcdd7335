"""How many requests the TMS takes at once and per minute."""

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
    Counts the requests to the TMS, in real time.

    The quota stands for a proxy in front of Phrase, so its refusals lack every header of Phrase's own. The
    cap on parallel requests is Phrase's, so its refusals carry the headers of normal answers. A refused
    request has no effect.

    :param state: has the settings, which a reset replaces.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._running = 0
        self._lately: deque[float] = deque()

    def clear(self) -> None:
        """Forget the requests of the last minute."""
        self._lately.clear()

    @contextmanager
    def running(self, incoming: Incoming) -> Iterator[None]:
        """Count a request as running, from its arrival until it is answered or its client is gone."""
        counts = _limited(incoming)
        self._running += counts
        try:
            yield
        finally:
            self._running -= counts

    def over_quota(self, incoming: Incoming) -> Answer | None:
        """Count a request towards its minute, or refuse it as the proxy does."""
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
        """Refuse a request when too many run, this one included."""
        limit = self._state.settings.parallel_requests
        if limit is None or self._running <= limit or not _limited(incoming):
            return None
        body = error_body(_TOO_MANY, f"More than {limit} requests at once.")
        return Answer.json(429, body, self._retry_after())

    def body_size(self, path: str) -> int:
        """Return how many bytes the body of a request to a path may have."""
        return self._state.settings.upload_limit if takes_files(path) else LARGEST_BODY

    def over_size(self, incoming: Incoming) -> Answer | None:
        """Refuse a request whose body was too large to be read."""
        if not incoming.too_large:
            return None
        refusal = too_large(self.body_size(incoming.path))
        return Answer.json(refusal.status, error_body(refusal.code, refusal.description))

    def headers(self, incoming: Incoming) -> RawHeaders:
        """Return what Phrase's answers tell of the cap."""
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
