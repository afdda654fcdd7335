"""Preconditions of actions on jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import ApiError, bad_request

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart, Project
    from phrase_provider.simulator.tms.state import State


def require_imported(part: JobPart) -> None:
    """
    Raise an error for a job that is not imported, because its import is running or has failed.

    :raises ApiError: 400.
    """
    if not part.imported:
        raise ApiError(400, "JOB_NOT_READY", f"Job {part.uid} is not imported.")


def require_room(state: State, project: Project, count: int) -> None:
    """
    Raise an error when further jobs would exceed the limit of a project.

    :param count: of the jobs: files times languages.
    :raises ApiError: 400.
    """
    limit = state.settings.job_limit
    if limit is not None and len({part.job for part in project.parts.values()}) + count > limit:
        raise bad_request(f"JobCountLimit: a project can have {limit} jobs.")
