"""A failure tolerance for a sensor in reschedule mode, where every poll is a process of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk import Context

    from phrase_provider.exceptions import PhraseError
    from phrase_provider.waiting.conditions import Logger

_KEY = "phrase.failing_since"


class StoredFailureTolerance:
    """
    Failure tolerance that outlives the process: since when polls fail is kept in the task's state.

    :param context: of the task; without a ``task_state_store`` (below Airflow 3.3) nothing is kept.
    """

    def __init__(self, context: Context) -> None:
        from phrase_provider.waiting.failure_tolerance import FailureTolerance

        self._store = context.get("task_state_store")
        # An outage that a former try did not survive says nothing of this one.
        self._try_number = getattr(context["ti"], "try_number", 0)
        since = self._read()
        self._failing = since is not None
        self._tolerance = FailureTolerance(failing_for=None if since is None else time.time() - since)

    @property
    def failure(self) -> PhraseError | None:
        """Why the last poll failed; None: it did not."""
        return self._tolerance.failure

    def record_failure(self, error: PhraseError, log: Logger) -> None:
        """Do as ``FailureTolerance.record_failure`` does."""
        if not self._failing:
            self._write(time.time())
        self._tolerance.record_failure(error, log)

    def check(self) -> None:
        """Do as ``FailureTolerance.check`` does."""
        self._tolerance.check()

    def record_success(self) -> None:
        """Do as ``FailureTolerance.record_success`` does."""
        if self._failing:
            self._write(None)
        self._tolerance.record_success()

    def _read(self) -> float | None:
        kept = self._store.get(_KEY) if self._store else None
        # Another version of this package may have written it; only the length of the tolerance depends on it.
        if not isinstance(kept, dict) or kept.get("try_number") != self._try_number:
            return None
        since = kept.get("since")
        return since if isinstance(since, (int, float)) else None

    def _write(self, since: float | None) -> None:
        self._failing = since is not None
        if self._store:
            self._store.set(_KEY, {"since": since, "try_number": self._try_number})
