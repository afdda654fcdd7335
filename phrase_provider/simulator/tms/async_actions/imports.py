"""Imports of source files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists
from phrase_provider.simulator.tms.async_actions import pre_translation
from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import AsyncAction, ImportStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart, SourceFile
    from phrase_provider.simulator.tms.state import State


@dataclass(eq=False)
class ImportTask(AsyncTask):
    """
    Imports one file, or all files of a ZIP, for all languages and workflow steps.

    A file that cannot be imported does not prevent the import of the others, but the request fails.

    :param pre_translate: pre-translate the jobs of the first step.
    """

    pre_translate: bool = False
    action = AsyncAction.IMPORT_JOB
    duration = "import_seconds"
    holds_jobs = True

    def run(self, state: State, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        files: dict[SourceFile, list[JobPart]] = {}
        for part in parts:
            files.setdefault(part.file, []).append(part)
        errors = {file: self._error(state, file, own) for file, own in files.items()}
        failures = [fail(files[file], error) for file, error in errors.items() if error]
        self._succeed(state, [part for part in parts if not errors[part.file]], at)
        return failures[0] if failures else None

    def _error(self, state: State, file: SourceFile, parts: list[JobPart]) -> str | None:
        return self._planned_failure(parts) or state.settings.import_error or file.problem

    def _succeed(self, state: State, parts: list[JobPart], at: float) -> None:
        for part in parts:
            part.import_status = ImportStatus.OK
        if self.pre_translate:
            pre_translation.translate(state, [part for part in parts if part.level == 1], at)
        for part in parts:
            linguists.plan(state, part, at)


def fail(parts: list[JobPart], error: str) -> Failure:
    """Mark the import of the parts as failed; return the failure."""
    for part in parts:
        part.plan += 1
        part.import_status, part.import_error = ImportStatus.ERROR, error
    return "JobImportFailed", error
