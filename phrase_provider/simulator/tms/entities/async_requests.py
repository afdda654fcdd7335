"""Async requests: work that goes on after the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.organization import User
    from phrase_provider.simulator.tms.entities.projects import Project
    from phrase_provider.simulator.tms.entities.statuses import AsyncAction


class Task(Protocol):
    """What is known here of the task; :class:`.tms.async_actions.base.AsyncTask` implements it."""

    action: AsyncAction
    holds_jobs: bool


@dataclass(eq=False)
class AsyncRequest:
    """Work that goes on after the answer; over when ``finished`` is set, failed when ``error_code`` is."""

    id: str
    task: Task
    created: float
    created_by: User
    project: Project | None
    job_uids: list[str]
    finished: float | None = None
    error_code: str | None = None
    error_text: str | None = None
    callback_url: str | None = None
    used: bool = False

    @property
    def action(self) -> AsyncAction:
        return self.task.action
