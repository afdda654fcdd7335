"""The commands that a job's page offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions.job_commands import STATUSES
from phrase_provider.simulator.tms.actions.transitions import NEXT
from phrase_provider.simulator.tms.entities import AsyncAction, ImportStatus, JobStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart

_COMMANDS = {status: command for command, status in STATUSES.items()}
_AT_WORK = frozenset({JobStatus.NEW, JobStatus.EMAILED, JobStatus.ACCEPTED, JobStatus.REJECTED})


def available_commands(part: JobPart) -> list[str]:
    """Return the keys of :data:`.tms.actions.job_commands.COMMANDS` that make sense, the likeliest first."""
    if part.import_status is ImportStatus.ERROR:
        return []
    found = [_COMMANDS[status] for status in NEXT[part.status]]
    if part.import_status is ImportStatus.RUNNING:
        return [*found, "fail-import"]
    if part.status in _AT_WORK and part.end_index > part.begin_index:
        found.append("split")
    if AsyncAction.EXPORT_COMPLETE_FILE not in part.fail_next:
        found.append("fail-export")
    return found
