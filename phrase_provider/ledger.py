"""Doing something in Phrase once: look first, do it, and look again when the answer got lost."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import PhraseOutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

log = logging.getLogger(__name__)

#: Seconds between looks after a lost answer: Phrase may still be working on the request.
SETTLING = (1.0, 2.0, 4.0, 8.0, 15.0)


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


def do_and_settle(
    what: str,
    look_up: Callable[[], T | None],
    do: Callable[[], T],
    *,
    settling: Sequence[float] = SETTLING,
) -> T:
    """
    Bring something about that is known to be absent; when the answer gets lost, look for the result.

    :param what: for the log.
    :param look_up: finds the result in Phrase; None when it is not there.
    :param do: brings it about.
    :param settling: seconds between looks.
    :raises PhraseOutcomeUnknownError: the answer got lost, and nothing appeared while settling; it
        is not done again here, a task retry looks first.
    """
    try:
        return do()
    except PhraseOutcomeUnknownError as error:
        log.warning("The answer to %s got lost; looking whether it took effect. %s", what, error)
        if (found := _settle(look_up, settling)) is None:
            raise
        log.info("It did: %s took effect.", what)
        return found


def _settle(look_up: Callable[[], T | None], settling: Sequence[float]) -> T | None:
    for seconds in settling:
        time.sleep(seconds)
        if (found := look_up()) is not None:
            return found
    return None
