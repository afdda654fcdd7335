"""Sending a create again that was answered 401 or 429, although it may have taken effect."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.config import SETTLING_TIME, number
from phrase_provider.exceptions import PhraseApiError
from phrase_provider.idempotency.reconciliation import look_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.exceptions import PhraseOutcomeUnknownError

T = TypeVar("T")

#: How often a request is sent at most that is answered so: a new token helps at once or never.
_MOST_SENDINGS = {401: 2, 429: 6}
#: Longest pause before it is sent again, in seconds; a longer one is left to the task's next try.
_LONGEST_PAUSE = 120.0


def may_send_again(error: PhraseOutcomeUnknownError, sendings: int) -> bool:
    """
    Tell whether a request may be sent again once nothing of it is found in Phrase.

    :param error: how it was answered.
    :param sendings: how often it was sent.
    """
    named = error.retry_after or 0.0
    return sendings < _MOST_SENDINGS.get(error.status or 0, 0) and named <= _LONGEST_PAUSE


def refusal_behind(error: PhraseOutcomeUnknownError) -> PhraseApiError | None:
    """
    Return Phrase's refusal for token or rate that left an outcome open; None: something else did.

    :param error: as the session raised it.
    """
    cause = error.__cause__
    return cause if isinstance(cause, PhraseApiError) and error.status in _MOST_SENDINGS else None


def look_before_sending(
    look_up: Callable[[], T | None], error: PhraseOutcomeUnknownError, sendings: int
) -> T | None:
    """
    Wait as long as the refusal asks, then look whether the request took effect nevertheless.

    Phrase's own refusal is followed by one look. Behind one that bears no mark of Phrase the request may
    still be under way, as after an answer that got lost.

    :param look_up: returns what it finds, or None.
    :param error: the refusal.
    :param sendings: how often the request was sent.
    :raises PhraseError: nobody could look.
    """
    time.sleep(_pause(error, sendings))
    if error.error_code or error.action_id:
        return look_up()
    return look_for(look_up, number(SETTLING_TIME))


def _pause(error: PhraseOutcomeUnknownError, sendings: int) -> float:
    from phrase_provider.api.retries import jittered

    if error.status == 401:
        return 0.0
    return jittered(2.0 ** (sendings - 1) if error.retry_after is None else error.retry_after)
