"""Imports of source files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.model import people
from phrase_provider.simulator.model.entities import AsyncAction, ImportStatus
from phrase_provider.simulator.work import pre_translation
from phrase_provider.simulator.work.base import Work

if TYPE_CHECKING:
    from phrase_provider.simulator.model.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.work.base import Failure
    from phrase_provider.simulator.world import World


@dataclass(eq=False)
class ImportJob(Work):
    """
    The import of one file, for all its languages and workflow steps.

    :param pre_translate: pre-translate the jobs of the first step.
    """

    pre_translate: bool = False
    action = AsyncAction.IMPORT_JOB
    duration = "import_seconds"
    holds_jobs = True

    def end(self, world: World, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        problem = parts[0].file.problem if parts else None
        error = self._planned_failure(parts) or world.settings.import_error or problem
        if error:
            return fail(parts, error)
        for part in parts:
            part.import_status = ImportStatus.OK
        if self.pre_translate:
            pre_translation.translate(world, [part for part in parts if part.level == 1], at)
        for part in parts:
            people.plan(world, part, at)
        return None


def fail(parts: list[JobPart], error: str) -> Failure:
    """Leave the parts without an imported file."""
    for part in parts:
        part.plan += 1
        part.import_status, part.import_error = ImportStatus.ERROR, error
    return "JobImportFailed", error
