"""The base class of tasks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.entities import AsyncAction, AsyncRequest, JobPart, Project
    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.state import State

Failure = tuple[str, str] | None
"""Error code and text of a task that failed."""


class AsyncTask(ABC):
    """The part of an async request that runs later; plain data, so that it can be persisted."""

    action: AsyncAction
    duration: str
    """The setting with its duration."""
    holds_jobs = False
    """Whether the jobs are not ready until it ends."""

    @abstractmethod
    def run(self, state: State, request: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        """
        Carry out the action; return its failure, if it failed.

        :param parts: the job parts that the request was made for, without those deleted since.
        :param at: epoch seconds of simulated time.
        """

    @property
    def result(self) -> Project | Analysis | None:
        """What the action created; ``None`` stands for the job parts."""
        return None

    def _planned_failure(self, parts: Sequence[JobPart]) -> str | None:
        """Remove and return the error that a command set for the next such action on one of the parts."""
        errors = [error for part in parts if (error := part.fail_next.pop(self.action, None))]
        return errors[-1] if errors else None
