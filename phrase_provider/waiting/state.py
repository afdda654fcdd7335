"""How one wait goes: what was last seen, how long looks have failed, when it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from phrase_provider.config import PATIENCE, number
from phrase_provider.exceptions import PhraseError, PhraseTimeoutError
from phrase_provider.waiting.wait_log import WaitLog

if TYPE_CHECKING:
    from phrase_provider.waiting.tms.conditions import Condition, Logger


class Patience:
    """
    Bears failed looks, which say nothing of the work, as long as they may pass.

    :param seconds: how long nothing but failures is borne; None: as ``[phrase] patience`` says.
    :param failing_for: seconds for which looks have failed already; None: the last one worked.
    """

    def __init__(self, seconds: float | None = None, *, failing_for: float | None = None) -> None:
        self._seconds = number(PATIENCE) if seconds is None else seconds
        self._failing_since = None if failing_for is None else time.monotonic() - failing_for
        #: Of the last look, if it failed.
        self.failure: PhraseError | None = None

    @property
    def failing(self) -> bool:
        """Whether the last look failed."""
        return self._failing_since is not None

    def bear(self, error: PhraseError, log: Logger | None = None) -> None:
        """
        Let the wait go on after a failed look.

        :param error: why it failed.
        :param log: told of it.
        :raises PhraseError: the same error, if it does not pass or looks have failed for too long.
        """
        self.failure = error
        if self._failing_since is None:
            self._failing_since = time.monotonic()
        if not error.can_pass or time.monotonic() - self._failing_since > self._seconds:
            raise error
        if log:
            log.warning("Looking failed, the wait goes on. %s", error.brief())

    def left(self) -> float | None:
        """Return the seconds for which failures are borne yet; None: Phrase does not ask to keep away."""
        if self._failing_since is None or self.failure is None or self.failure.retry_after is None:
            return None
        return max(0.0, self._failing_since + self._seconds - time.monotonic())

    def check(self) -> None:
        """
        Go on as long as there is patience, while Phrase asks to keep away and nobody looks.

        :raises PhraseError: why the last look failed.
        """
        if self.left() == 0 and self.failure:
            raise self.failure

    def renew(self) -> None:
        """Begin anew after a look that worked."""
        self._failing_since = self.failure = None


class Progress:
    """
    One wait, whoever looks for it: a loop on a worker, or the poll hub.

    :param condition: what is waited for.
    :param log: told when the progress changes, and now and then that it does not.
    :param longest: longest time between looks, in seconds; None: as the condition suggests.
    :param deadline: epoch seconds; None: none.
    :param patience: seconds of nothing but failed looks; None: as ``[phrase] patience`` says.
    """

    def __init__(
        self,
        condition: Condition,
        log: Logger,
        *,
        longest: float | None = None,
        deadline: float | None = None,
        patience: float | None = None,
    ) -> None:
        self.condition = condition
        self.patience = Patience(patience)
        self.log = WaitLog(condition, log, longest)
        self._deadline = deadline

    def take(self, found: Any) -> dict[str, Any] | None:
        """
        Judge what a look found.

        :return: the condition's result when it is met, else None.
        :raises PhraseWorkError: it can no longer be met.
        """
        self.patience.renew()
        verdict = self.condition.judge(found)
        self.log.saw(verdict, self._deadline)
        if verdict.error:
            raise verdict.error
        return verdict.result if verdict.met else None

    def report(self) -> None:
        """Tell that the wait goes on, and when it last looked."""
        self.log.report(self.patience.failure, self._deadline)

    def report_if_due(self) -> None:
        """Do as :meth:`report` does, once nothing was told for 15 minutes."""
        self.log.report_if_due(self.patience.failure, self._deadline)

    def left(self) -> float | None:
        """Give the seconds until the deadline, 0 when it has passed; None: there is none."""
        return None if self._deadline is None else max(0.0, self._deadline - time.time())

    def check_deadline(self) -> None:
        """
        Go on as long as there is time.

        :raises PhraseTimeoutError: the deadline has passed; tells what was still open.
        """
        if self.left() == 0:
            raise too_late(self.log.last_seen, self.patience.failure)


def too_late(last_seen: str | None, failure: PhraseError | None = None) -> PhraseTimeoutError:
    """
    Return the error of a wait whose deadline has passed.

    :param last_seen: what was still open; None: no look has worked.
    :param failure: why the last look failed; None: it did not.
    """
    if failure:
        seen = f"Last seen: {last_seen.rstrip('.')}. " if last_seen else "No look worked. "
        return _with_reason(f"The deadline passed. {seen}The last look failed: {failure.message}", failure)
    if not last_seen:
        return PhraseTimeoutError(
            "The deadline passed before Phrase had answered a look",
            hint="Raise the timeout, or look why Phrase or the network is slow.",
        )
    return PhraseTimeoutError(
        f"The deadline passed. Last seen: {last_seen}",
        hint="Raise the timeout, or look in Phrase why the work stands still.",
    )


def still_too_late(late: PhraseTimeoutError, failure: PhraseError) -> PhraseTimeoutError:
    """
    Return the error of a wait whose deadline has passed, and whose one more look failed too.

    :param late: as the wait ended.
    :param failure: why the look failed.
    """
    told = late.message.rstrip(".")
    more = "" if failure.message in told else f" One more look failed: {failure.message}"
    return _with_reason(f"{told}.{more}", failure)


def _with_reason(message: str, failure: PhraseError) -> PhraseTimeoutError:
    error = PhraseTimeoutError(message)
    # What Phrase's support asks for belongs to the failed look.
    vars(error).update(vars(failure))
    remedy = "What became of the work is not known: once Phrase can be asked again, clear this task."
    error.message, error.hint = message, " ".join(filter(None, (failure.hint, remedy)))
    return error
