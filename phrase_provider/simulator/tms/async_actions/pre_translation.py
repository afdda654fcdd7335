"""Pre-translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists as people
from phrase_provider.simulator.tms.async_actions.base import Work
from phrase_provider.simulator.tms.entities.projects import AsyncAction, JobStatus, ProjectStatus
from phrase_provider.simulator.webhooks import publish as notices
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities.projects import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import World


@dataclass(eq=False)
class PreTranslation(Work):
    """
    The pre-translation of jobs.

    :param translates: whether there is anything to translate from, and segments to translate.
    :param completes_jobs: set the jobs to ``COMPLETED``.
    :param completes_project: set the project to ``COMPLETED``.
    """

    translates: bool = True
    completes_jobs: bool = False
    completes_project: bool = False
    action = AsyncAction.PRE_TRANSLATE
    duration = "pre_translate_seconds"

    def end(self, world: World, request: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts)
        if error:
            return "PreTranslateFailed", error
        if self.translates:
            translate(world, parts, at)
        if self.completes_jobs:
            for part in parts:
                people.set_status(world, part, JobStatus.COMPLETED, at)
        if self.completes_project and request.project:
            request.project.status = ProjectStatus.COMPLETED
            notices.project_event(world, WebhookEvent.PROJECT_STATUS_CHANGED, request.project, at)
        return None


def translate(world: World, parts: list[JobPart], at: float) -> None:
    """Let machines translate jobs, at once."""
    for part in parts:
        part.translated = True
    notices.job_event(world, WebhookEvent.PRE_TRANSLATION_FINISHED, parts, at)
