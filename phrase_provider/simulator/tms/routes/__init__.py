"""The operations of Phrase TMS, one module per resource; each has ``routes``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.routes import (
    analyses,
    analysis_creation,
    assignment,
    async_requests,
    authentication,
    exports,
    file_updates,
    job_batches,
    job_clones,
    job_creation,
    job_edits,
    job_splits,
    jobs,
    organization,
    pre_translation,
    preview_packages,
    project_creation,
    project_edits,
    projects,
    segment_counts,
    templates,
    trans_memories,
)

if TYPE_CHECKING:
    from starlette.routing import Route

_RESOURCES = (
    authentication,
    organization,
    templates,
    project_creation,
    project_edits,
    projects,
    preview_packages,
    job_creation,
    job_clones,
    file_updates,
    pre_translation,
    jobs,
    segment_counts,
    job_edits,
    job_batches,
    job_splits,
    assignment,
    exports,
    analysis_creation,
    analyses,
    async_requests,
    trans_memories,
)


def routes() -> list[Route]:
    """Return the routes of all resources; paths are below ``/web``."""
    return [route for resource in _RESOURCES for route in resource.routes]
