"""What all async actions have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.entities import AsyncAction, AsyncRequest, JobPart, Project
    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.state import State

Failure = tuple[str, str] | None
"""Error code and text of an action that failed."""


class Work(ABC):
    """The part of an async request that happens later; plain data, so that it can be kept over a restart."""

    action: AsyncAction
    duration: str
    """The setting that tells how long it takes."""
    holds_jobs = False
    """Whether the jobs are not ready meanwhile."""

    @abstractmethod
    def end(self, state: State, request: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        """
        Do what the action does at its end.

        :param parts: the job parts that the request was made for, without those deleted since.
        :param at: epoch seconds of simulated time.
        """

    @property
    def result(self) -> Project | Analysis | None:
        """What the action made; ``None`` stands for the job parts."""
        return None

    def _planned_failure(self, parts: Sequence[JobPart]) -> str | None:
        """Take the error that a command planned for the next action of this kind on one of the parts."""
        errors = [error for part in parts if (error := part.fail_next.pop(self.action, None))]
        return errors[-1] if errors else None
