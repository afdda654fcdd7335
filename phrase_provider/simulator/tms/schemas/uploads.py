"""Schemas of the header ``Memsource`` of uploads."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from phrase_provider.simulator.tms.schemas.base import (
    DefaultFalse,
    DefaultTrue,
    IdReference,
    OpenSchema,
    UidReference,
)
from phrase_provider.simulator.tms.schemas.jobs import HundredJobs  # noqa: TC001 - for pydantic
from phrase_provider.simulator.tms.schemas.new_jobs import NewJobSettings


class JobMetadata(NewJobSettings, OpenSchema):
    """``JobCreateRequestDtoV1``; further keys are accepted, as Phrase's own clients send ``sourceData``."""

    target_langs: Annotated[list[str], Field(min_length=1)]
    path: Annotated[str, Field(max_length=255)] | None = None
    import_settings: UidReference | None = None
    use_project_file_import_settings: bool | None = None
    pre_translate: bool | None = None
    semantic_markup: bool | None = None
    callback_url: str | None = None
    remote_file: dict[str, Any] | None = None
    xml_assistant_profile: UidReference | None = None
    job_preview_package_file_uid_ref: UidReference | None = None
    notify_provider: dict[str, Any] | None = None


class UpdateSource(OpenSchema):
    """``JobUpdateSourceMeta``."""

    jobs: HundredJobs
    pre_translate: DefaultFalse = False
    allow_automatic_post_analysis: bool | None = None
    callback_url: str | None = None


class UpdateTarget(OpenSchema):
    """``JobUpdateTargetMeta``."""

    jobs: Annotated[list[UidReference], Field(min_length=1, max_length=1)]
    propagate_confirmed_to_tm: DefaultTrue = True
    unconfirm_changed_segments: DefaultTrue = True
    target_segmentation_rule: IdReference | None = None
    callback_url: str | None = None
