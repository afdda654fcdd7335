"""Updates of target files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.model.entities import AsyncAction
from phrase_provider.simulator.webhooks import publish as notices
from phrase_provider.simulator.webhooks.events import WebhookEvent
from phrase_provider.simulator.work.base import Work

if TYPE_CHECKING:
    from phrase_provider.simulator.core.persistence.content import Content
    from phrase_provider.simulator.model.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.work.base import Failure
    from phrase_provider.simulator.world import World


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
