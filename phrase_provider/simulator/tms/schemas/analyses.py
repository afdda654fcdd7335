"""Bodies of requests about analyses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.tms.schemas.base import (
    ClosedSchema,
    DateTime,
    DefaultFalse,
    DefaultTrue,
    IdReference,
    OpenSchema,
    UidReference,
)
from phrase_provider.simulator.tms.schemas.jobs import HundredJobs  # noqa: TC001 - for pydantic
from phrase_provider.simulator.tms.schemas.providers import Provider  # noqa: TC001 - for pydantic

AnalysisType = Annotated[Literal["PreAnalyse", "PostAnalyse", "Compare"], CaseInsensitive()]
JobFilterStatus = Annotated[
    Literal[
        "ACCEPTED",
        "CANCELLED",
        "COMPLETED",
        "DECLINED",
        "DELIVERED",
        "EMAILED",
        "NEW",
        "PRECEDING_COMPLETED",
        "PRECEDING_NOT_COMPLETED",
        "REJECTED",
    ],
    CaseInsensitive(),
]


class AnalysisOptions(BaseModel):
    """The fields of all requests for analyses."""

    type: AnalysisType | None = None
    name: Annotated[str, Field(max_length=255)] | None = None
    callback_url: str | None = None
    compare_workflow_level: Annotated[int, Field(ge=1, le=15)] | None = None
    net_rate_scheme: IdReference | None = None
    count_source_units: DefaultTrue = True
    include_confirmed_segments: DefaultTrue = True
    include_fuzzy_repetitions: DefaultTrue = True
    include_locked_segments: DefaultTrue = True
    include_machine_translation_matches: DefaultFalse = False
    include_non_translatables: DefaultFalse = False
    include_not_confirmed_segments: DefaultTrue = True
    include_numbers: DefaultTrue = True
    include_trans_memory: DefaultTrue = True
    machine_translate_post_editing: DefaultFalse = False
    non_translatable_post_editing: DefaultFalse = False
    separate_fuzzy_repetitions: DefaultFalse = False
    skip_mt_score_threshold: float | None = None
    trans_memory_post_editing: DefaultFalse = False
    use_project_analysis_settings: DefaultFalse = False

    @model_validator(mode="after")
    def _check_compare(self) -> AnalysisOptions:
        if self.type == "Compare" and self.compare_workflow_level is None:
            raise ValueError("compareWorkflowLevel is required for type Compare")
        return self


class CreateAnalysisList(OpenSchema, AnalysisOptions):
    """``CreateAnalyseListAsyncDtoV1``."""

    jobs: HundredJobs


class JobFilter(OpenSchema):
    """``JobFilterDtoInternalV1``."""

    project: UidReference
    filename: str | None = None
    source_path: str | None = None
    target_langs: list[str] | None = None
    statuses: list[JobFilterStatus] | None = None
    workflow_step: IdReference | None = None
    provider: Provider | None = None
    job_owner: UidReference | None = None
    date_due: DateTime | None = None
    due_in: (
        Annotated[
            Literal["IN_24_HOURS", "IN_3_DAYS", "IN_4_HOURS", "IN_8_HOURS", "OVERDUE"], CaseInsensitive()
        ]
        | None
    ) = None


class CreateAnalysis(ClosedSchema, AnalysisOptions):
    """``CreateAnalyseAsyncV2DtoV2``: jobs by uid or by a filter."""

    jobs: Annotated[list[UidReference], Field(min_length=1, max_length=50_000)] | None = None
    job_filter: JobFilter | None = None
    provider: Provider | None = None
    analyze_by_language: DefaultFalse = False
    analyze_by_provider: DefaultFalse = False


class DeleteAnalyses(ClosedSchema):
    """``BulkDeleteAnalyseDtoV1``."""

    analyses: Annotated[list[IdReference], Field(min_length=1, max_length=100)]
    purge: DefaultFalse = False
