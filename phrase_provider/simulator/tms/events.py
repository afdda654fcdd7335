"""The events that actions raise; :mod:`.webhooks.publish` subscribes to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart, Project
    from phrase_provider.simulator.tms.entities.analyses import Analysis


class JobEventType(StrEnum):
    """Events of jobs (part of the schema ``WebHookEventEnum``)."""

    JOB_ASSIGNED = "JOB_ASSIGNED"
    JOB_CREATED = "JOB_CREATED"
    JOB_DELETED = "JOB_DELETED"
    JOB_DUE_DATE_CHANGED = "JOB_DUE_DATE_CHANGED"
    JOB_EXPORTED = "JOB_EXPORTED"
    JOB_STATUS_CHANGED = "JOB_STATUS_CHANGED"
    JOB_TARGET_UPDATED = "JOB_TARGET_UPDATED"
    JOB_UNEXPORTED = "JOB_UNEXPORTED"
    JOB_UPDATED = "JOB_UPDATED"
    PRE_TRANSLATION_FINISHED = "PRE_TRANSLATION_FINISHED"


class ProjectEventType(StrEnum):
    """Events of projects (part of the schema ``WebHookEventEnum``)."""

    PROJECT_CREATED = "PROJECT_CREATED"
    PROJECT_DELETED = "PROJECT_DELETED"
    PROJECT_DUE_DATE_CHANGED = "PROJECT_DUE_DATE_CHANGED"
    PROJECT_METADATA_UPDATED = "PROJECT_METADATA_UPDATED"
    PROJECT_STATUS_CHANGED = "PROJECT_STATUS_CHANGED"


@dataclass(frozen=True)
class JobEvent:
    """
    An event of job parts; without parts it means nothing.

    :param at: epoch seconds of simulated time, as in all events.
    :param error: why an export failed, for ``JOB_UNEXPORTED``.
    """

    type: JobEventType
    parts: Sequence[JobPart]
    at: float
    error: str | None = None


@dataclass(frozen=True)
class ProjectEvent:
    """An event of a project."""

    type: ProjectEventType
    project: Project
    at: float


@dataclass(frozen=True)
class AnalysisCreated:
    """An analysis was finished."""

    analysis: Analysis
    at: float


@dataclass(frozen=True)
class AsyncRequestFinished:
    """
    An async request was finished.

    :param result: what it created; ``None`` stands for its job parts.
    """

    request: AsyncRequest
    at: float
    result: Project | Analysis | None = None
