"""Repeats of calls: which ones, and after which wait."""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, TypeGuard

import tenacity

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.exceptions import PhraseError, PhraseRateLimitError, PhraseTransportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.api.settings import ClientSettings

log = logging.getLogger(__name__)

#: Share of a wait that is added at random, so that parallel tasks do not come back in step.
JITTER = 0.2

_backoff = tenacity.wait_exponential_jitter(initial=1, max=60, jitter=1)


def retrying(
    settings: ClientSettings, endpoint: Endpoint, sleep: Callable[[float], None]
) -> tenacity.Retrying:
    """
    Return the loop that repeats one call as its endpoint allows.

    A wait longer than ``settings.max_wait`` ends the loop: the error then carries ``retry_after``,
    and a task retry is the better place to wait.

    :param settings: gives the number of repeats and the longest wait.
    :param endpoint: declares what may be repeated.
    :param sleep: called with seconds.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: may_repeat(endpoint, error)),
        wait=wait,
        stop=tenacity.stop_any(
            tenacity.stop_after_attempt(settings.retries + 1),
            _StopAtLongWait(settings.max_wait),
        ),
        sleep=sleep,
        before_sleep=_tell,
        reraise=True,
    )


def may_repeat(endpoint: Endpoint, error: BaseException) -> bool:
    """
    Return whether the same request may be sent again.

    What never reached Phrase did nothing and may be sent again whatever the endpoint is. What was refused
    for its rate may be, too, but where a second time would create a second thing it is looked up first.
    Anything else only where the endpoint says so.

    :param endpoint: what is called.
    :param error: what the last attempt raised.
    """
    if not is_of(error, endpoint):
        return False
    if isinstance(error, PhraseRateLimitError):
        return endpoint.repeat is not Repeat.LOOK_UP
    if isinstance(error, PhraseTransportError) and not error.sent:
        return error.can_pass
    return endpoint.repeat is Repeat.SAFE and error.can_pass and error.is_fault


def is_of(error: BaseException, endpoint: Endpoint) -> TypeGuard[PhraseError]:
    """
    Return whether an error comes from the call itself, not from the token exchange made on its behalf.

    An exchange has had repeats of its own, and its failure leaves no doubt about the call.

    :param error: what an attempt raised.
    :param endpoint: what is called.
    """
    return isinstance(error, PhraseError) and error.endpoint == str(endpoint)


def wait(state: tenacity.RetryCallState) -> float:
    """Return the seconds to wait: what Phrase named, else exponential from 1 s to 60 s, with jitter."""
    named = _named(state)
    if named is None:
        return float(_backoff(state))
    return jittered(named)


def jittered(seconds: float) -> float:
    """Return a wait in seconds, lengthened at random: those who wait alike do not come back in step."""
    return seconds + random.uniform(0, JITTER) * max(seconds, 1.0)


def _named(state: tenacity.RetryCallState) -> float | None:
    return getattr(_error(state), "retry_after", None)


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


class _StopAtLongWait(tenacity.stop.stop_base):
    def __init__(self, longest: float) -> None:
        self.longest = longest

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        named = _named(retry_state)
        return (retry_state.upcoming_sleep if named is None else named) > self.longest


def _tell(state: tenacity.RetryCallState) -> None:
    attempt = state.attempt_number + 1
    log.warning("%s Trying again in %.1f s (attempt %d).", _error(state), state.upcoming_sleep, attempt)
