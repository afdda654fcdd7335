"""Exports of target files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import AsyncAction
from phrase_provider.simulator.tms.events import JobEvent, JobEventType

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.tms.state import State


class ExportTask(AsyncTask):
    """Exports one job; the file itself is written when it is downloaded."""

    action = AsyncAction.EXPORT_COMPLETE_FILE
    duration = "export_seconds"

    def run(self, state: State, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts) or state.settings.export_error
        if not parts:
            error = "The job was deleted."
        if error:
            state.events.publish(JobEvent(JobEventType.JOB_UNEXPORTED, parts, at, error))
            return "JobExportFailed", error
        state.events.publish(JobEvent(JobEventType.JOB_EXPORTED, parts, at))
        return None
