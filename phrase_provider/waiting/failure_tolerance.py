"""For how long a wait goes on while each of its polls fails."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from phrase_provider.config import MAX_FAILURE_DURATION, number

if TYPE_CHECKING:
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.conditions import Logger


class FailureTolerance:
    """
    Tolerates failed polls, which say nothing of the work, as long as they may pass.

    :param max_duration: seconds for which nothing but failures is tolerated; None: as
        ``[phrase] max_failure_duration`` says.
    :param failing_for: seconds for which polls have failed already; None: the last one worked.
    """

    def __init__(self, max_duration: float | None = None, *, failing_for: float | None = None) -> None:
        self._max_duration = number(MAX_FAILURE_DURATION) if max_duration is None else max_duration
        self._failing_since = None if failing_for is None else time.monotonic() - failing_for
        #: Of the last poll, if it failed.
        self.failure: PhraseError | None = None

    @property
    def failing(self) -> bool:
        """Whether the last poll failed."""
        return self._failing_since is not None

    def record_failure(self, error: PhraseError, log: Logger | None = None) -> None:
        """
        Tolerate a failed poll, if it may pass and polls have not failed for too long.

        :param error: why it failed.
        :param log: of the task; None: it does not learn of this failure.
        :raises PhraseError: the same error, if it does not pass or polls have failed for too long.
        """
        self.failure = error
        if self._failing_since is None:
            self._failing_since = time.monotonic()
        if not error.can_pass or time.monotonic() - self._failing_since > self._max_duration:
            raise error
        if log:
            log.warning("A poll failed, the wait goes on. %s", error.brief())

    def record_success(self) -> None:
        """Count from zero again, after a poll that worked."""
        self._failing_since = self.failure = None

    def remaining(self) -> float | None:
        """
        Return the seconds for which failures are still tolerated, during a hold.

        :return: None where Phrase has not asked for a pause: then the next poll decides.
        """
        if self._failing_since is None or self.failure is None or self.failure.retry_after is None:
            return None
        return max(0.0, self._failing_since + self._max_duration - time.monotonic())

    def check(self) -> None:
        """
        Raise the last failure once it is no longer tolerated, during a hold in which nobody polls.

        :raises PhraseError: why the last poll failed.
        """
        if self.remaining() == 0 and self.failure:
            raise self.failure
