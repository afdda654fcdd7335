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
    :param seconds: how long; not above 0: one look.
    :param at_once: whether the first look comes before the first pause.
    :raises PhraseError: a look failed for good, or the last one did.
    """
    deadline, pause = time.monotonic() + seconds, 0.0 if at_once else 1.0
    while (left := deadline - time.monotonic()) > pause:
        time.sleep(pause)
        if (found := tolerant(look_up)) is not None:
            return found
        pause = max(1.0, pause * 2)
    time.sleep(max(0.0, left))
    return look_up()


def tolerant(look_up: Callable[[], T | None]) -> T | None:
    """
    Look once; a fault that passes counts as nothing found.

    :param look_up: gives what it finds, or None.
    """
    try:
        return look_up()
    except PhraseError as error:
        if not error.can_pass:
            raise
        log.warning("Looking failed. %s", error.brief())
        return None
