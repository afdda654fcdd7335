"""Updates of source files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms import formats
from phrase_provider.simulator.tms.actions import linguists, segment_changes
from phrase_provider.simulator.tms.async_actions import pre_translation
from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import AsyncAction, ImportStatus
from phrase_provider.simulator.tms.events import JobEvent, JobEventType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart, SourceFile
    from phrase_provider.simulator.tms.state import State


@dataclass(eq=False)
class SourceUpdateTask(AsyncTask):
    """
    Imports a new source file for existing jobs, which are not ready meanwhile.

    When it fails, the jobs keep the file that they had. Segments whose text is in the former file, too, stay
    confirmed.

    :param file: replaces the source file of the jobs.
    :param pre_translate: pre-translate the jobs afterwards.
    """

    file: SourceFile
    pre_translate: bool = False
    action = AsyncAction.UPDATE_SOURCE
    duration = "import_seconds"
    holds_jobs = True

    def begin(self, parts: Iterable[JobPart]) -> None:
        """Mark the jobs as not ready, in all steps."""
        for part in _all_steps(parts):
            part.plan += 1
            part.import_status = ImportStatus.RUNNING

    def run(self, state: State, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts) or self.file.problem
        if not error:
            self._replace(state, parts, at)
        for part in _all_steps(parts):
            part.import_status = ImportStatus.OK
        if not error:
            self._publish(state, parts, at)
        for part in _all_steps(parts):
            linguists.plan(state, part, at)
        return ("JobImportFailed", error) if error else None

    def _replace(self, state: State, parts: list[JobPart], at: float) -> None:
        """Replace the file of the jobs, keeping its folder."""
        files: dict[SourceFile, SourceFile] = {}
        new_texts = formats.segments(self.file.name, self.file.content)
        for job in {part.job: None for part in parts}:
            former = job.file
            if former not in files:
                files[former] = replace(
                    self.file,
                    uid=state.ids.uid(),
                    directory=former.directory,
                    multilingual=former.multilingual,
                    jobs=[],
                )
            segment_changes.replace_texts(job, new_texts)
            former.jobs.remove(job)
            job.file, job.target, job.source_updated = files[former], None, at
            job.file.jobs.append(job)
            for part in job.parts:
                part.end_index = job.file.segments - 1
                part.warnings = []

    def _publish(self, state: State, parts: list[JobPart], at: float) -> None:
        state.events.publish(JobEvent(JobEventType.JOB_UPDATED, parts, at))
        if self.pre_translate:
            pre_translation.translate(state, parts, at)


def _all_steps(parts: Iterable[JobPart]) -> list[JobPart]:
    return [sibling for job in {part.job: None for part in parts} for sibling in job.parts]
