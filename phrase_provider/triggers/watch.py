"""Looking again and again until a condition is met, lost or late; for loops of either kind."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from phrase_provider.exceptions import PhraseError, PhraseTimeoutError

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.conditions import Condition, Logger, Pace, Verdict

#: Seconds of nothing but failed looks after which a wait ends with the last reason.
PATIENCE = 600.0


class Patience:
    """Bears failed looks, which say nothing of the work, as long as they may pass."""

    def __init__(self) -> None:
        self._failing_since: float | None = None

    def bear(self, error: PhraseError, log: Logger) -> None:
        """
        Let the wait go on after a failed look.

        :param error: why it failed.
        :param log: told of it.
        :raises PhraseError: the same error, if it does not pass or looks have failed for too long.
        """
        self._failing_since = self._failing_since or time.time()
        if not error.can_pass or time.time() - self._failing_since > PATIENCE:
            raise error
        log.warning("Looking failed, the wait goes on. %s", error)

    def renew(self) -> None:
        """Begin anew after a look that worked."""
        self._failing_since = None


class Watch:
    """
    One wait: keeps count of progress, failed looks and time.

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
        self._condition = condition
        self._client = client
        self._log = log
        self._deadline = deadline
        self._pacer = _Pacer(condition.pace, longest)
        self._progress = "nothing yet"
        self._patience = Patience()
        self._held_off = 0.0

    def look(self) -> dict[str, Any] | None:
        """
        Look once.

        :return: the condition's result when it is met, else None.
        :raises PhraseWorkError: it can no longer be met.
        :raises PhraseTimeoutError: the deadline passed; tells what was still open.
        :raises PhraseError: looking failed in a way that does not pass, or for too long.
        """
        try:
            verdict = self._condition.check(self._client)
        except PhraseError as error:
            self._patience.bear(error, self._log)
            self._held_off = error.retry_after or 0.0
        else:
            self._note(verdict)
            if verdict.error:
                raise verdict.error
            if verdict.met:
                return verdict.result
        self._check_deadline()
        return None

    def pause(self) -> float:
        """Give the seconds until the next look, never beyond the deadline."""
        seconds, self._held_off = max(self._pacer.next(), self._held_off), 0.0
        if self._deadline is None:
            return seconds
        return min(seconds, max(0.0, self._deadline - time.time()))

    def _note(self, verdict: Verdict) -> None:
        self._patience.renew()
        if verdict.progress != self._progress:
            self._progress = verdict.progress
            self._pacer.restart()
            verdict.log(self._log)

    def _check_deadline(self) -> None:
        if self._deadline is not None and time.time() >= self._deadline:
            raise PhraseTimeoutError(
                f"The deadline passed. Last seen: {self._progress}",
                hint="Raise the timeout, or look in Phrase why the work stands still.",
            )


class _Pacer:
    """Spaces looks: quick after a change, slower while nothing moves, never in step with others."""

    def __init__(self, pace: Pace, longest: float | None) -> None:
        self._longest = longest if longest is not None else pace.longest
        self._first = min(pace.first, self._longest)
        self._seconds = self._first

    def restart(self) -> None:
        self._seconds = self._first

    def next(self) -> float:
        seconds = self._seconds
        self._seconds = min(seconds * 1.5, self._longest)
        return seconds * random.uniform(0.8, 1.0)


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
