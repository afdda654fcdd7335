"""How far a project is, in counts of jobs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.entities import ImportStatus, JobStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart, Project

_IMPORTS = {ImportStatus.RUNNING: "IMPORTING", ImportStatus.ERROR: "IMPORT FAILED"}
_ORDER = [*JobStatus, *_IMPORTS.values()]


def standing(part: JobPart) -> str:
    """Say where a job stands: its status or, when it is not imported, the state of its import."""
    return _IMPORTS.get(part.import_status, part.status)


def progress(project: Project) -> list[tuple[str, int]]:
    """Count a project's jobs of all steps by :func:`standing`, in the order in which work goes."""
    counts = Counter(map(standing, project.parts.values()))
    return [(word, counts[word]) for word in _ORDER if counts[word]]
