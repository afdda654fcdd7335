"""Updates of target files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import AsyncAction
from phrase_provider.simulator.tms.events import JobEvent, JobEventType

if TYPE_CHECKING:
    from phrase_provider.simulator.core.persistence.content import Content
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import State


@dataclass(eq=False)
class TargetUpdateTask(AsyncTask):
    """Imports a target file, which exports return from then on."""

    content: Content
    action = AsyncAction.UPDATE_TARGET
    duration = "import_seconds"

    def run(self, state: State, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts)
        if error:
            return "JobImportFailed", error
        for part in parts:
            part.job.target, part.target_updated, part.warnings = self.content, at, []
        state.events.publish(JobEvent(JobEventType.JOB_TARGET_UPDATED, parts, at))
        return None
