"""Waiting on a worker: polling in this thread until a condition is met, can no longer be met, or is late."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseError
from phrase_provider.waiting.intervals import LONGEST_HOLD, AdaptiveInterval
from phrase_provider.waiting.wait_state import WaitState

if TYPE_CHECKING:
    from phrase_provider.waiting.conditions import Condition, Logger


class BlockingWait:
    """
    One wait that polls for itself.

    :param condition: what is waited for.
    :param client: of the condition's product, asked at each poll.
    :param log: of the task: gets a line when the progress changes.
    :param max_interval: longest time between polls, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds; None: none.
    """

    def __init__(
        self,
        condition: Condition,
        client: object,
        log: Logger,
        *,
        max_interval: float | None = None,
        deadline: float | None = None,
    ) -> None:
        self._client = client
        self._log = log
        self._interval = AdaptiveInterval(condition.poll_interval, max_interval)
        self._state = WaitState(condition, log, max_interval=max_interval, deadline=deadline)
        #: Until then Phrase asked for no request, on this process's clock.
        self._held_until = 0.0

    def poll(self) -> dict[str, object] | None:
        """
        Poll once.

        :return: the condition's result when it is met, else None.
        :raises PhraseWorkError: it can no longer be met.
        :raises PhraseTimeoutError: the deadline passed; says what was still open.
        :raises PhraseError: polling failed in a way that does not pass, or for too long.
        """
        if self._held() > 0:
            # Woken by the deadline or the end of the tolerance: Phrase is left alone.
            self._state.tolerance.check()
        elif (result := self._read()) is not None:
            return result
        self._state.check_deadline()
        self._state.report_if_due()
        return None

    def pause(self) -> float:
        """Return the seconds until the next poll: at most until the deadline, or the end of the tolerance."""
        held = self._held()
        ends = (self._state.remaining(), self._state.tolerance.remaining() if held > 0 else None)
        return min([max(self._interval.next(), held), *(end for end in ends if end is not None)])

    def _held(self) -> float:
        return self._held_until - time.monotonic()

    def _read(self) -> dict[str, object] | None:
        self._state.log.polled()
        try:
            found = self._state.condition.read(self._client)
        except PhraseError as error:
            self._state.tolerance.record_failure(error, self._log)
            self._held_until = time.monotonic() + min(error.retry_after or 0.0, LONGEST_HOLD)
            return None
        return self._take(found)

    def _take(self, found: object) -> dict[str, object] | None:
        before = self._state.log.last_seen
        result = self._state.take(found)
        if self._state.log.last_seen != before:
            self._interval.restart()
        return result


def wait_for(wait: BlockingWait) -> dict[str, object]:
    """
    Wait in this thread until the condition is met.

    :param wait: polls and says how long to pause in between.
    :return: the condition's result.
    :raises PhraseError: as :meth:`BlockingWait.poll` says.
    """
    while (result := wait.poll()) is None:
        time.sleep(wait.pause())
    return result
