"""Exports of target files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import Work
from phrase_provider.simulator.tms.entities.projects import AsyncAction
from phrase_provider.simulator.webhooks import publish as notices
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities.projects import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import World


class ExportCompleteFile(Work):
    """The export of one job; the file itself is written when it is downloaded."""

    action = AsyncAction.EXPORT_COMPLETE_FILE
    duration = "export_seconds"

    def end(self, world: World, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts) or world.settings.export_error
        if not parts:
            error = "The job was deleted."
        if error:
            notices.job_event(world, WebhookEvent.JOB_UNEXPORTED, parts, at, error)
            return "JobExportFailed", error
        notices.job_event(world, WebhookEvent.JOB_EXPORTED, parts, at)
        return None
