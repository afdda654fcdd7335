"""Free slots for async requests: Phrase limits how many an organization may have pending."""

from __future__ import annotations

import logging
import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from phrase_provider.api.tms.models import ConcurrentRequestsDtoV1

log = logging.getLogger(__name__)

#: Part of the limit that starts may fill; the rest is left to people and other programs.
SHARE = 0.9
#: Seconds for which a task that starts many goes by one look.
FRESH = 2.0


class Slots:
    """
    The slots for async requests that are free, by Phrase's own count.

    Phrase allows 200 pending async requests per organization and refuses more, also those of people
    and other programs. Several threads of a task may take slots.

    :param ask: reads the count.
    """

    def __init__(self, ask: Callable[[], ConcurrentRequestsDtoV1]) -> None:
        self._ask = ask
        self._left = 0.0
        self._asked_at = -math.inf
        self._starting = 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Return whether an async request may be started now; the caller does so at once."""
        with self._lock:
            if self._left < 1 or time.monotonic() - self._asked_at > FRESH:
                self._asked_at, room = time.monotonic(), self.room()
                # Where Phrase does not tell, a start that finds no room is refused, and waits then.
                self._left = math.inf if room is None else room
            self._left -= 1
            return self._left >= 0

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Keep other threads from taking the slot of a start that is being sent: Phrase's count lacks it."""
        with self._lock:
            self._starting += 1
        try:
            yield
        finally:
            with self._lock:
                self._starting -= 1

    def room(self) -> float | None:
        """Return how many async requests may be started, by a look now; None: Phrase does not tell."""
        try:
            told = self._ask()
        except PhraseError as error:
            log.warning("Phrase does not tell how many async requests are pending. %s", error.brief())
            return None
        if told["limit"] is None:
            return math.inf
        if told["count"] is None:
            return None
        return max(0, math.ceil(told["limit"] * SHARE) - told["count"] - self._starting)

    def is_full(self) -> bool:
        """Return whether there is no room, by a look now; False: there is, or Phrase does not tell."""
        return self.room() == 0
