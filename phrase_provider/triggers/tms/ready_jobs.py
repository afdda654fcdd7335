"""A trigger for many jobs, of which it knows only where they are and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.triggers.tms.base import PhraseTmsWaitTrigger
from phrase_provider.waiting.tms.ready_jobs import ENOUGH, MAX_HOLD, JobsReady

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from phrase_provider.triggers.wait import WaitOptions
    from phrase_provider.waiting.tms.ready_jobs import WatchedProject


class PhraseTmsJobsReadyTrigger(PhraseTmsWaitTrigger):
    """
    Fires when enough of many jobs are ready to be exported.

    :param projects: in which they are: uids, workflow levels and numbers of jobs.
    :param enough: ready jobs with which it fires at once.
    :param max_hold: seconds that a ready job waits for others.
    :param earliest: epoch seconds before which it does not fire.
    :param latest: epoch seconds at which it fires anyway; None: never.
    """

    def __init__(
        self,
        *,
        projects: Sequence[WatchedProject],
        enough: int = ENOUGH,
        max_hold: float = MAX_HOLD,
        earliest: float = 0.0,
        latest: float | None = None,
        **wait: Unpack[WaitOptions],
    ) -> None:
        super().__init__(**wait)
        self.projects = list(projects)
        self.enough = enough
        self.max_hold = max_hold
        self.earliest = earliest
        self.latest = latest

    def condition(self) -> JobsReady:
        """Return what is waited for."""
        return JobsReady(
            self.projects,
            enough=self.enough,
            max_hold=self.max_hold,
            earliest=self.earliest,
            latest=self.latest,
        )

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments."""
        path, kwargs = super().serialize()
        return path, {
            **kwargs,
            "projects": [dict(project) for project in self.projects],
            "enough": self.enough,
            "max_hold": self.max_hold,
            "earliest": self.earliest,
            "latest": self.latest,
        }
