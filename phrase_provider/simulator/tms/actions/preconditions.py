"""Preconditions of actions on jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import ApiError

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart


def require_imported(part: JobPart) -> None:
    """
    Raise an error for a job that is not imported, because its import is running or has failed.

    :raises ApiError: 400.
    """
    if not part.imported:
        raise ApiError(400, "JOB_NOT_READY", f"Job {part.uid} is not imported.")
