"""How long Phrase wants a client to stay away."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Seconds to stay away when too many requests run at once; Phrase's guide says about a minute.
CONCURRENCY_WAIT = 60.0


def named_wait(status: int, headers: Mapping[str, str]) -> float | None:
    """
    Read the wait that an answer asks for.

    Of the two kinds of TMS 429, the one with ``Ratelimit-*`` headers means too many requests at
    once; the one without means the quota per minute, for which a short backoff is right. Source:
    guide "Handling concurrent API limits".

    :param status: HTTP status.
    :param headers: the answer's headers, case-insensitive.
    :return: seconds, or None when the answer names no wait.
    """
    if status not in (429, 503):
        return None
    if (told := _retry_after(headers.get("Retry-After"))) is not None:
        return told
    if status == 429 and (reset := headers.get("X-Rate-Limit-Reset", "")).isdecimal():
        return max(0.0, int(reset) - time.time())
    if status == 429 and "Ratelimit-Limit" in headers and "Ratelimit-Remaining" in headers:
        return CONCURRENCY_WAIT
    return None


def _retry_after(value: str | None) -> float | None:
    """Parse ``Retry-After``: seconds or an HTTP date."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - time.time())
