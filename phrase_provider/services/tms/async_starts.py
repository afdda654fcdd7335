"""Starting async requests, each in its turn: Phrase limits how many may be pending."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseJobNotReadyError,
    PhrasePendingLimitError,
    PhrasePermissionError,
    PhraseRateLimitError,
    PhraseValidationError,
)
from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
from phrase_provider.waiting.tms.async_slots import AsyncSlotFree

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.conditions import Logger

T = TypeVar("T")

#: Seconds that a start waits for its turn at most.
MAX_TURN_WAIT = 3600.0
#: Seconds before a start that found no room looks again, at random between these: those who were refused
#: together shall not come back together.
HOLD_OFF = (2.0, 6.0)
#: Errors of a refusal that does not say why.
_UNCLEAR = (PhraseValidationError, PhrasePermissionError, PhraseRateLimitError)


def try_start(client: TmsClient, start: Callable[[], T], *, has_slot: bool = False) -> T | None:
    """
    Return what starting an async request gives, if Phrase's own count shows room for it.

    :param client: asked for room.
    :param start: sends the request, once.
    :param has_slot: whether the caller waited for room, and knows that there is: then nobody looks again.
    :return: what the start gave; None when it has to wait.
    :raises PhraseError: whatever else the start raises.
    """
    if not has_slot and not client.slots.take():
        return None
    try:
        with client.slots.starting():
            return start()
    except PhraseApiError as error:
        if not _lacks_room(client, error):
            raise
        return None


def start_in_turn(
    client: TmsClient,
    start: Callable[[], T],
    log: Logger,
    *,
    max_interval: float | None = None,
    deadline: float | None = None,
) -> T:
    """
    Start an async request, waiting on this worker until there is room.

    :param client: asked for room.
    :param start: sends the request, once; it must not return None.
    :param log: gets lines on the wait.
    :param max_interval: longest time between polls, in seconds; None: as for other work of machines.
    :param deadline: epoch seconds; None: :data:`MAX_TURN_WAIT` from now.
    :raises PhraseTimeoutError: there was no room until then.
    :raises PhraseError: whatever else the start raises.
    """
    started = try_start(client, start)
    deadline = time.time() + MAX_TURN_WAIT if deadline is None else deadline
    while started is None:
        time.sleep(max(0.0, min(random.uniform(*HOLD_OFF), deadline - time.time())))
        wait_for(BlockingWait(AsyncSlotFree(), client, log, max_interval=max_interval, deadline=deadline))
        started = try_start(client, start, has_slot=True)
    return started


def _lacks_room(client: TmsClient, error: PhraseApiError) -> bool:
    if isinstance(error, PhrasePendingLimitError):
        return True
    unclear = isinstance(error, _UNCLEAR) and not isinstance(error, PhraseJobNotReadyError)
    return unclear and client.slots.is_full()
