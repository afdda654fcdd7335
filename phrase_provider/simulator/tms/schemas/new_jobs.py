"""What requests that create jobs have in common, and the body of clones."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from phrase_provider.simulator.tms.schemas.base import (
    ClosedSchema,
    DateTime,
    DefaultFalse,
    OpenSchema,
    UidReference,
)
from phrase_provider.simulator.tms.schemas.providers import ProvidersPerLanguage  # noqa: TC001 - for pydantic


class StepConfiguration(OpenSchema):
    id: str | None = None
    due: DateTime | None = None
    assignments: list[ProvidersPerLanguage]


class NewJobSettings(BaseModel):
    """Providers and due dates of new jobs, for projects without workflow or for each workflow step."""

    due: DateTime | None = None
    assignments: list[ProvidersPerLanguage] | None = None
    workflow_settings: list[StepConfiguration] | None = None


class JobPartTargetLangs(OpenSchema):
    """``JobPartTargetLangsDtoV1``: a job, and the languages of its clones."""

    job_part: UidReference
    target_langs: Annotated[list[str], Field(min_length=1)]


class CloneJobs(NewJobSettings, ClosedSchema):
    """``CloneJobsRequestDtoV1``."""

    job_part_target_langs: Annotated[list[JobPartTargetLangs], Field(min_length=1)]
    keep_split: DefaultFalse = False
    notify_provider: dict[str, Any] | None = None
