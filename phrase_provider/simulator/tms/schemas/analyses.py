"""Bodies of requests about analyses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from phrase_provider.simulator.core.any_case import AnyCase
from phrase_provider.simulator.tms.schemas.base import (
    Closed,
    IdReference,
    Moment,
    Off,
    On,
    Open,
    UidReference,
)
from phrase_provider.simulator.tms.schemas.jobs import HundredJobs  # noqa: TC001 - for pydantic
from phrase_provider.simulator.tms.schemas.providers import Provider  # noqa: TC001 - for pydantic

AnalysisType = Annotated[Literal["PreAnalyse", "PostAnalyse", "Compare"], AnyCase()]
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
    AnyCase(),
]


class AnalysisOptions(BaseModel):
    """What all requests for analyses can ask for."""

    type: AnalysisType | None = None
    name: Annotated[str, Field(max_length=255)] | None = None
    callback_url: str | None = None
    compare_workflow_level: Annotated[int, Field(ge=1, le=15)] | None = None
    net_rate_scheme: IdReference | None = None
    count_source_units: On = True
    include_confirmed_segments: On = True
    include_fuzzy_repetitions: On = True
    include_locked_segments: On = True
    include_machine_translation_matches: Off = False
    include_non_translatables: Off = False
    include_not_confirmed_segments: On = True
    include_numbers: On = True
    include_trans_memory: On = True
    machine_translate_post_editing: Off = False
    non_translatable_post_editing: Off = False
    separate_fuzzy_repetitions: Off = False
    skip_mt_score_threshold: float | None = None
    trans_memory_post_editing: Off = False
    use_project_analysis_settings: Off = False

    @model_validator(mode="after")
    def _check_compare(self) -> AnalysisOptions:
        if self.type == "Compare" and self.compare_workflow_level is None:
            raise ValueError("compareWorkflowLevel is required for type Compare")
        return self


class CreateAnalysisList(Open, AnalysisOptions):
    """``CreateAnalyseListAsyncDtoV1``."""

    jobs: HundredJobs


class JobFilter(Open):
    """``JobFilterDtoInternalV1``."""

    project: UidReference
    filename: str | None = None
    source_path: str | None = None
    target_langs: list[str] | None = None
    statuses: list[JobFilterStatus] | None = None
    workflow_step: IdReference | None = None
    provider: Provider | None = None
    job_owner: UidReference | None = None
    date_due: Moment | None = None
    due_in: (
        Annotated[Literal["IN_24_HOURS", "IN_3_DAYS", "IN_4_HOURS", "IN_8_HOURS", "OVERDUE"], AnyCase()]
        | None
    ) = None


class CreateAnalysis(Closed, AnalysisOptions):
    """``CreateAnalyseAsyncV2DtoV2``: jobs by uid or by a filter."""

    jobs: Annotated[list[UidReference], Field(min_length=1, max_length=50_000)] | None = None
    job_filter: JobFilter | None = None
    provider: Provider | None = None
    analyze_by_language: Off = False
    analyze_by_provider: Off = False


class DeleteAnalyses(Closed):
    """``BulkDeleteAnalyseDtoV1``."""

    analyses: Annotated[list[IdReference], Field(min_length=1, max_length=100)]
    purge: Off = False
