"""The state of one wait: what was last seen, how long polls have failed, when it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseError, PhraseTimeoutError
from phrase_provider.waiting.failure_tolerance import FailureTolerance
from phrase_provider.waiting.wait_log import WaitLog

if TYPE_CHECKING:
    from phrase_provider.waiting.conditions import Condition, Logger


class WaitState:
    """
    One wait, whoever polls for it: a loop on a worker, or the poll hub.

    :param condition: what is waited for.
    :param log: of the task: gets a line when the progress changes, and now and then that it does not.
    :param max_interval: longest time between polls, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds; None: none.
    :param max_failure_duration: seconds of nothing but failed polls; None: as
        ``[phrase] max_failure_duration`` says.
    """

    def __init__(
        self,
        condition: Condition,
        log: Logger,
        *,
        max_interval: float | None = None,
        deadline: float | None = None,
        max_failure_duration: float | None = None,
    ) -> None:
        self.condition = condition
        self.task_log = log
        self.max_interval = max_interval
        self.tolerance = FailureTolerance(max_failure_duration)
        self.log = WaitLog(condition, log, max_interval)
        self._deadline = deadline

    def take(self, found: object) -> dict[str, object] | None:
        """
        Evaluate what a poll found.

        :param found: for the condition's ``evaluate``.
        :return: the condition's result when it is met, else None.
        :raises PhraseWorkError: it can no longer be met.
        """
        self.tolerance.record_success()
        result = self.condition.evaluate(found)
        self.log.saw(result, self._deadline)
        if result.error:
            raise result.error
        return result.result if result.done else None

    def report(self) -> None:
        """Log that the wait goes on, and when it last polled."""
        self.log.report(self.tolerance.failure, self._deadline)

    def report_if_due(self) -> None:
        """Do as :meth:`report` does, once nothing was logged for 15 minutes."""
        self.log.report_if_due(self.tolerance.failure, self._deadline)

    def remaining(self) -> float | None:
        """Return the seconds until the deadline, 0 when it has passed; None: there is none."""
        return None if self._deadline is None else max(0.0, self._deadline - time.time())

    def check_deadline(self) -> None:
        """
        Raise an error once the deadline has passed.

        :raises PhraseTimeoutError: says what was still open.
        """
        if self.remaining() == 0:
            raise too_late(self.log.last_seen, self.tolerance.failure)


def too_late(last_seen: str | None, failure: PhraseError | None = None) -> PhraseTimeoutError:
    """
    Return the error of a wait whose deadline has passed.

    :param last_seen: what was still open; None: no poll has worked.
    :param failure: why the last poll failed; None: it did not.
    """
    if failure:
        seen = f"Last seen: {last_seen.rstrip('.')}. " if last_seen else "No poll worked. "
        return _with_reason(f"The deadline passed. {seen}The last poll failed: {failure.message}", failure)
    if not last_seen:
        return PhraseTimeoutError(
            "The deadline passed before Phrase had answered a poll",
            hint="Raise the timeout, or find out why Phrase or the network is slow.",
        )
    return PhraseTimeoutError(
        f"The deadline passed. Last seen: {last_seen}",
        hint="Raise the timeout, or see in Phrase why the work stands still.",
    )


def still_too_late(late: PhraseTimeoutError, failure: PhraseError) -> PhraseTimeoutError:
    """
    Return the error of a wait whose deadline has passed, and whose one more poll failed too.

    :param late: as the wait ended.
    :param failure: why the poll failed.
    """
    message = late.message.rstrip(".")
    more = "" if failure.message in message else f" One more poll failed: {failure.message}"
    return _with_reason(f"{message}.{more}", failure)


def _with_reason(message: str, failure: PhraseError) -> PhraseTimeoutError:
    error = PhraseTimeoutError(message)
    # What Phrase's support asks for belongs to the failed poll.
    vars(error).update(vars(failure))
    remedy = "What became of the work is not known: once Phrase can be asked again, clear this task."
    error.message, error.hint = message, " ".join(filter(None, (failure.hint, remedy)))
    return error
