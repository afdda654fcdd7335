"""Rate limits as answers tell them: the quota, and the wait that Phrase asks for."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Seconds to stay away when too many requests run at once; Phrase's guide says about a minute.
CONCURRENCY_WAIT = 60.0

#: Longest wait in seconds that an answer is believed to ask for: what is longer is a mistake, such as
#: milliseconds taken for seconds.
LONGEST_NAMED_WAIT = 3600.0

#: Most digits of a number in a header; Python refuses to read thousands of them.
MOST_DIGITS = 18

#: Share of a quota below which what remains of it is spread out.
SCARCE = 0.1


class Quota(NamedTuple):
    """
    What an answer tells of the quota.

    :param limit: all of it.
    :param remaining: what is left.
    :param reset: epoch seconds at which it is whole again; None: as soon as running requests end.
    """

    limit: int
    remaining: int
    reset: float | None

    def spacing(self) -> float:
        """Return the seconds to leave before the next request: 0 while there is plenty."""
        if self.remaining > self.limit * SCARCE:
            return 0.0
        if self.reset is None:
            return 1.0
        return _bounded(self.reset - time.time()) / max(self.remaining, 1)


def quota(headers: Mapping[str, str]) -> Quota | None:
    """
    Return the quota that an answer tells of; None where it tells of none.

    ``X-Rate-Limit-*`` counts requests of a period (Strings), ``Ratelimit-*`` those that run at once (TMS).

    :param headers: the answer's headers, case-insensitive.
    """
    for prefix in ("X-Rate-Limit", "Ratelimit"):
        limit, remaining, reset = (headers.get(f"{prefix}-{name}", "") for name in _QUOTA)
        if _is_number(limit) and _is_number(remaining):
            return Quota(int(limit), int(remaining), float(reset) if _is_number(reset) else None)
    return None


_QUOTA = ("Limit", "Remaining", "Reset")


def named_wait(status: int, headers: Mapping[str, str]) -> float | None:
    """
    Return the wait that an answer asks for.

    Of the two kinds of TMS 429, the one with ``Ratelimit-*`` headers means too many requests at
    once; the one without means the quota per minute, for which a short backoff is right. Source:
    guide "Handling concurrent API limits".

    :param status: HTTP status.
    :param headers: the answer's headers, case-insensitive.
    :return: seconds, at most :data:`LONGEST_NAMED_WAIT`; or None when the answer names no wait.
    """
    if status not in (429, 503):
        return None
    if (told := _retry_after(headers.get("Retry-After"))) is not None:
        return _bounded(told)
    if status == 429 and (reset := headers.get("X-Rate-Limit-Reset", "")).isdecimal():
        return _bounded(float(reset) - time.time())
    if status == 429 and "Ratelimit-Limit" in headers and "Ratelimit-Remaining" in headers:
        return CONCURRENCY_WAIT
    return None


def _retry_after(value: str | None) -> float | None:
    """Parse ``Retry-After``: seconds or an HTTP date; may be infinite."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def _bounded(seconds: float) -> float:
    return min(max(0.0, seconds), LONGEST_NAMED_WAIT)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MOST_DIGITS
