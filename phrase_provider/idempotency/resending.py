"""Sending a create again that was answered 401 or 429, although it may have taken effect."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.config import RECONCILIATION_TIMEOUT, number
from phrase_provider.exceptions import PhraseApiError
from phrase_provider.idempotency.reconciliation import poll_until_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.exceptions import PhraseOutcomeUnknownError

T = TypeVar("T")

#: Attempts at most for each status: a new token helps at once or never.
_MAX_ATTEMPTS = {401: 2, 429: 6}
#: Longest pause before a request is sent again, in seconds; a longer one is left to the task's next try.
_MAX_PAUSE = 120.0


def may_resend(error: PhraseOutcomeUnknownError, attempts: int) -> bool:
    """
    Return whether a request may be sent again once nothing of it is found in Phrase.

    :param error: how it was answered.
    :param attempts: how often it was sent.
    """
    retry_after = error.retry_after or 0.0
    return attempts < _MAX_ATTEMPTS.get(error.status or 0, 0) and retry_after <= _MAX_PAUSE


def refusal_behind(error: PhraseOutcomeUnknownError) -> PhraseApiError | None:
    """
    Return Phrase's refusal for token or rate that left an outcome open; None: something else did.

    :param error: as the session raised it.
    """
    cause = error.__cause__
    return cause if isinstance(cause, PhraseApiError) and error.status in _MAX_ATTEMPTS else None


def find_before_resending(
    find: Callable[[], T | None], error: PhraseOutcomeUnknownError, attempts: int
) -> T | None:
    """
    Wait as long as a refusal asks, then return what the request made nevertheless; None: nothing.

    Phrase's own refusal is followed by one look. Behind one that bears no mark of Phrase the request may
    still be under way, as after an answer that got lost.

    :param find: returns what it finds, or None.
    :param error: the refusal.
    :param attempts: how often the request was sent.
    :raises PhraseError: nobody could look.
    """
    time.sleep(_pause(error, attempts))
    if error.error_code or error.action_id:
        return find()
    return poll_until_found(find, number(RECONCILIATION_TIMEOUT))


def _pause(error: PhraseOutcomeUnknownError, attempts: int) -> float:
    from phrase_provider.api.retries import jittered

    if error.status == 401:
        return 0.0
    return jittered(2.0 ** (attempts - 1) if error.retry_after is None else error.retry_after)
