"""The deadline of a wait for people, where the task sets none: from the due dates of the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.dates import from_phrase_time
from phrase_provider.config import WITHOUT_DUE

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY = 24 * 3600.0
#: Seconds after the due date of a job, which people often miss or move.
AFTER_DUE = 14 * _DAY


def deadline_of(due_dates: Iterable[str | None], started: float) -> float:
    """
    Return the deadline of a wait for several jobs: the latest of theirs.

    A job that is overdue when the wait starts is given the same time as one that is due then.

    :param due_dates: of the jobs, as Phrase writes them; None for one without.
    :param started: when the wait started, in epoch seconds.
    :return: epoch seconds.
    """
    return max((_deadline(due_date, started) for due_date in due_dates), default=started + WITHOUT_DUE)


def _deadline(due_date: str | None, started: float) -> float:
    due = from_phrase_time(due_date)
    return started + WITHOUT_DUE if due is None else max(due.timestamp(), started) + AFTER_DUE
