"""Imports of source files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator import people
from phrase_provider.simulator.entities import AsyncAction, ImportStatus
from phrase_provider.simulator.work.base import Work

if TYPE_CHECKING:
    from phrase_provider.simulator.entities import AsyncRequest, JobPart
    from phrase_provider.simulator.work.base import Failure
    from phrase_provider.simulator.world import World


class ImportJob(Work):
    """The import of one file, for all its languages and workflow steps."""

    action = AsyncAction.IMPORT_JOB
    duration = "import_seconds"

    def end(self, world: World, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = world.settings.import_error or (parts[0].file.problem if parts else None)
        if error:
            return fail(parts, error)
        for part in parts:
            part.import_status = ImportStatus.OK
        for part in parts:
            people.plan(world, part, at)
        return None


def fail(parts: list[JobPart], error: str) -> Failure:
    """Leave the parts without an imported file."""
    for part in parts:
        part.plan += 1
        part.import_status, part.import_error = ImportStatus.ERROR, error
    return "JobImportFailed", error
