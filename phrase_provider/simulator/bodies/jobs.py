"""Bodies of requests about jobs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from phrase_provider.simulator.bodies.base import Closed, UidReference
from phrase_provider.simulator.entities import JobStatus  # noqa: TC001 - pydantic reads annotations


class SetJobStatus(Closed):
    """``JobStatusChangeActionDtoV1``."""

    requested_status: JobStatus
    notify_owner: bool | None = None
    propagate_status: bool | None = None


class DeleteJobs(Closed):
    """``JobPartDeleteReferences``."""

    jobs: Annotated[list[UidReference], Field(min_length=1, max_length=100)]


class ExportTarget(Closed):
    """``DownloadTargetFileDtoV3``."""

    callback_url: str | None = None
