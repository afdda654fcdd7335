"""Looking again and again on a worker, until a condition is met, lost or late."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from phrase_provider.exceptions import PhraseError
from phrase_provider.waiting.intervals import LONGEST_HOLD, Pacer
from phrase_provider.waiting.state import Patience, Progress

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.tms.conditions import Condition, Logger

__all__ = ["Patience", "Watch", "wait_for"]


class Watch:
    """
    One wait that looks for itself.

    :param condition: what is waited for.
    :param client: asked at each look.
    :param log: told when the progress changes.
    :param longest: longest time between looks, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds; None: none.
    """

    def __init__(
        self,
        condition: Condition,
        client: TmsClient,
        log: Logger,
        *,
        longest: float | None = None,
        deadline: float | None = None,
    ) -> None:
        self._client = client
        self._log = log
        self._pacer = Pacer(condition.pace, longest)
        self._progress = Progress(condition, log, longest=longest, deadline=deadline)
        #: Until then Phrase asked to keep away, on this process's clock.
        self._held_until = 0.0

    def look(self) -> dict[str, Any] | None:
        """
        Look once.

        :return: the condition's result when it is met, else None.
        :raises PhraseWorkError: it can no longer be met.
        :raises PhraseTimeoutError: the deadline passed; tells what was still open.
        :raises PhraseError: looking failed in a way that does not pass, or for too long.
        """
        if self._held() > 0:
            # Woken by the end of the time or of the patience: Phrase is left alone.
            self._progress.patience.check()
        elif (result := self._read()) is not None:
            return result
        self._progress.check_deadline()
        self._progress.report_if_due()
        return None

    def pause(self) -> float:
        """Give the seconds until the next look, never beyond the deadline, or the patience during a hold."""
        held = self._held()
        ends = (self._progress.left(), self._progress.patience.left() if held > 0 else None)
        return min([max(self._pacer.next(), held), *(end for end in ends if end is not None)])

    def _held(self) -> float:
        return self._held_until - time.monotonic()

    def _read(self) -> dict[str, Any] | None:
        self._progress.log.looked()
        try:
            found = self._progress.condition.read(self._client)
        except PhraseError as error:
            self._progress.patience.bear(error, self._log)
            self._held_until = time.monotonic() + min(error.retry_after or 0.0, LONGEST_HOLD)
            return None
        return self._take(found)

    def _take(self, found: Any) -> dict[str, Any] | None:
        before = self._progress.log.last_seen
        result = self._progress.take(found)
        if self._progress.log.last_seen != before:
            self._pacer.restart()
        return result


def wait_for(watch: Watch) -> dict[str, Any]:
    """
    Wait on a worker, in this thread.

    :param watch: the wait.
    :return: the condition's result.
    :raises PhraseError: as :meth:`Watch.look` tells.
    """
    while (result := watch.look()) is None:
        time.sleep(watch.pause())
    return result
