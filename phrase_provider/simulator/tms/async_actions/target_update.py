"""Updates of target files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import Work
from phrase_provider.simulator.tms.entities.projects import AsyncAction
from phrase_provider.simulator.webhooks import publish as notices
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from phrase_provider.simulator.core.persistence.content import Content
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities.projects import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import World


@dataclass(eq=False)
class TargetUpdate(Work):
    """The import of a target file, which is what exports give from then on."""

    content: Content
    action = AsyncAction.UPDATE_TARGET
    duration = "import_seconds"

    def end(self, world: World, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts)
        if error:
            return "JobImportFailed", error
        for part in parts:
            part.job.target, part.target_updated, part.warnings = self.content, at, []
        notices.job_event(world, WebhookEvent.JOB_TARGET_UPDATED, parts, at)
        return None
