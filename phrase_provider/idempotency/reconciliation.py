"""Finding out in Phrase whether a request took effect whose answer never came."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

log = logging.getLogger(__name__)


def poll_until_found(find: Callable[[], T | None], seconds: float, *, at_once: bool = False) -> T | None:
    """
    Return what appears within a time, asking less and less often, the last time at its end; None: nothing.

    :param find: returns what it finds, or None; a fault that passes counts as nothing found.
    :param seconds: how long; at 0 or below it is called once.
    :param at_once: whether the first call comes before the first pause of 1 s.
    :raises PhraseError: a call failed for good, or the last one did.
    """
    deadline, pause = time.monotonic() + seconds, 0.0 if at_once else 1.0
    while (left := deadline - time.monotonic()) > pause:
        time.sleep(pause)
        if (found := try_to_find(find)) is not None:
            return found
        pause = max(1.0, pause * 2)
    time.sleep(max(0.0, left))
    return find()


def try_to_find(find: Callable[[], T | None]) -> T | None:
    """
    Return what one call finds; a fault that passes is logged and counts as nothing found.

    :param find: returns what it finds, or None.
    :raises PhraseError: the call failed for good.
    """
    try:
        return find()
    except PhraseError as error:
        if not error.can_pass:
            raise
        log.warning("Looking failed. %s", error.brief())
        return None
