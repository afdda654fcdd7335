"""Doing something in Phrase once: look first, do it, and look again when the answer got lost."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.config import SETTLING_TIME, number
from phrase_provider.exceptions import PhraseError, PhraseOutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

log = logging.getLogger(__name__)


def do_once(what: str, look_up: Callable[[], T | None], do: Callable[[], T]) -> T:
    """
    Give what is in Phrase already, or bring it about.

    Nothing is remembered here: the look-up goes by a mark that the thing carries in Phrase, so a
    retry, a cleared task and a second run find it alike.

    :param what: for the log, such as ``creating project 'Web 42'``.
    :param look_up: finds the result in Phrase; None when it is not there.
    :param do: brings it about.
    :raises PhraseOutcomeUnknownError: see :func:`do_and_settle`.
    """
    if (found := look_up()) is not None:
        log.info("Not %s: it is in Phrase already.", what)
        return found
    return do_and_settle(what, look_up, do)


def do_and_settle(what: str, look_up: Callable[[], T | None], do: Callable[[], T]) -> T:
    """
    Bring something about that is known to be absent; when the answer gets lost, look for the result.

    :param what: for the log.
    :param look_up: finds the result in Phrase; None when it is not there.
    :param do: brings it about.
    :raises PhraseOutcomeUnknownError: the answer got lost, and nothing appeared within ``[phrase]
        settling_time``; it is not done again here, a task retry looks first.
    """
    try:
        return do()
    except PhraseOutcomeUnknownError as error:
        log.warning("The answer to %s got lost; looking whether it took effect. %s", what, error)
        if (found := _settle(look_up, number(SETTLING_TIME))) is None:
            raise
        log.info("It did: %s took effect.", what)
        return found


def _settle(look_up: Callable[[], T | None], seconds: float) -> T | None:
    """Look less and less often, the last time at the end: Phrase may still be working on the request."""
    deadline, pause = time.monotonic() + seconds, 1.0
    while True:
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
        found = _tolerant(look_up)
        if found is not None or time.monotonic() >= deadline:
            return found
        pause *= 2


def _tolerant(look_up: Callable[[], T | None]) -> T | None:
    try:
        return look_up()
    except PhraseError as error:
        if not error.can_pass:
            raise
        log.warning("Looking failed. %s", error)
        return None
