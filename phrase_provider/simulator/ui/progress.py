"""The progress of a project, in counts of jobs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.entities import ImportStatus, JobStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart, Project

_IMPORTS = {ImportStatus.RUNNING: "IMPORTING", ImportStatus.ERROR: "IMPORT FAILED"}
_ORDER = [*JobStatus, *_IMPORTS.values()]


def display_status(part: JobPart) -> str:
    """Return the status of a job or, when it is not imported, that of its import."""
    return _IMPORTS.get(part.import_status, part.status)


def progress(project: Project) -> list[tuple[str, int]]:
    """Return the numbers of a project's jobs by :func:`display_status`, in the order of the work."""
    counts = Counter(map(display_status, project.parts.values()))
    return [(word, counts[word]) for word in _ORDER if counts[word]]
