"""What must be so before something is done to a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import Refusal

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart


def require_imported(part: JobPart) -> None:
    """
    Refuse an action on a job that is not imported, because its import runs or has failed.

    :raises Refusal: 400.
    """
    if not part.imported:
        raise Refusal(400, "JOB_NOT_READY", f"Job {part.uid} is not imported.")
