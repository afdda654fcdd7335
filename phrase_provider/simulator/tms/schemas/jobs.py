"""Bodies of requests about jobs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from phrase_provider.simulator.tms.entities import JobStatus  # noqa: TC001 - pydantic reads annotations
from phrase_provider.simulator.tms.schemas.base import (
    ClosedSchema,
    DateTime,
    DefaultFalse,
    EmptyList,
    IdReference,
    UidReference,
)
from phrase_provider.simulator.tms.schemas.providers import Provider  # noqa: TC001 - for pydantic

HundredJobs = Annotated[list[UidReference], Field(min_length=1, max_length=100)]


class SearchJobs(ClosedSchema):
    """``SearchJobsRequestDtoV1``."""

    jobs: Annotated[list[UidReference], Field(min_length=1, max_length=50)]


class SetJobStatus(ClosedSchema):
    """``JobStatusChangeActionDtoV1``."""

    requested_status: JobStatus
    notify_owner: bool | None = None
    propagate_status: bool | None = None


class PatchJob(ClosedSchema):
    """``JobPartPatchSingleDtoV1``; what is not sent stays as it is."""

    status: JobStatus | None = None
    date_due: DateTime | None = None
    providers: list[Provider] | None = None


class EditJob(PatchJob):
    """``JobPartUpdateSingleDtoV1``; what is not sent is emptied."""

    status: JobStatus


class EditJobs(EditJob):
    """``JobPartUpdateBatchDtoV1``; what is not sent is emptied."""

    jobs: HundredJobs | None = None


class CustomFieldChanges(ClosedSchema):
    """``UpdateCustomFieldInstancesDtoV1``; there are no custom fields to refer to."""

    add_instances: EmptyList = None
    remove_instances: EmptyList = None
    update_instances: EmptyList = None


class PatchJobs(PatchJob):
    """``JobPartPatchBatchDtoV3``; what is not sent stays as it is."""

    jobs: HundredJobs
    clear_date_due: bool | None = None
    custom_fields: CustomFieldChanges | None = None


class JobParts(ClosedSchema):
    """``JobPartDeleteReferences`` and ``JobPartReferences``."""

    jobs: HundredJobs


class SplitJob(ClosedSchema):
    """``SplitJobActionDtoV1``; exactly one of the ways is required, as on Phrase's pages."""

    segment_ordinals: Annotated[list[int], Field(min_length=1)] | None = None
    part_count: int | None = None
    part_size: int | None = None
    word_count: int | None = None
    by_document_part: bool | None = None
    split_all_workflow_steps: DefaultFalse = False


class NotifyAssigned(ClosedSchema):
    """``NotifyJobPartsRequestDtoV1``."""

    jobs: list[UidReference]
    email_template: IdReference
    cc: list[str] | None = None
    bcc: list[str] | None = None


class ExportTarget(ClosedSchema):
    """``DownloadTargetFileDtoV3``."""

    callback_url: str | None = None
