"""Pre-translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists
from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import AsyncAction, JobStatus, ProjectStatus
from phrase_provider.simulator.tms.events import JobEvent, JobEventType, ProjectEvent, ProjectEventType

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import State


@dataclass(eq=False)
class PreTranslationTask(AsyncTask):
    """
    Pre-translates jobs.

    :param translates: whether there are resources to translate from, and segments to translate.
    :param completes_jobs: set the jobs to ``COMPLETED``.
    :param completes_project: set the project to ``COMPLETED``.
    """

    translates: bool = True
    completes_jobs: bool = False
    completes_project: bool = False
    action = AsyncAction.PRE_TRANSLATE
    duration = "pre_translate_seconds"

    def run(self, state: State, request: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts)
        if error:
            return "PreTranslateFailed", error
        if self.translates:
            translate(state, parts, at)
        if self.completes_jobs:
            for part in parts:
                linguists.set_status(state, part, JobStatus.COMPLETED, at)
        if self.completes_project and request.project:
            request.project.status = ProjectStatus.COMPLETED
            state.events.publish(ProjectEvent(ProjectEventType.PROJECT_STATUS_CHANGED, request.project, at))
        return None


def translate(state: State, parts: list[JobPart], at: float) -> None:
    """Mark jobs as pre-translated and raise the event."""
    for part in parts:
        part.translated = True
    state.events.publish(JobEvent(JobEventType.PRE_TRANSLATION_FINISHED, parts, at))
