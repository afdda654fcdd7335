"""Looking in Phrase for the effect of a request whose answer never came."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

log = logging.getLogger(__name__)


def look_for(look_up: Callable[[], T | None], seconds: float, *, at_once: bool = False) -> T | None:
    """
    Look less and less often, the last time at the end: Phrase may still be working on the request.

    :param look_up: gives what it finds, or None; a fault that passes counts as nothing found.
    :param seconds: how long.
    :param at_once: whether the first look comes before the first pause.
    :raises PhraseError: a look failed for good.
    """
    deadline, pause = time.monotonic() + seconds, 0.0 if at_once else 1.0
    while True:
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
        found = _tolerant(look_up)
        if found is not None or time.monotonic() >= deadline:
            return found
        pause = max(1.0, pause * 2)


def _tolerant(look_up: Callable[[], T | None]) -> T | None:
    try:
        return look_up()
    except PhraseError as error:
        if not error.can_pass:
            raise
        log.warning("Looking failed. %s", error)
        return None
