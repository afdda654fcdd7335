"""Bodies of requests about projects."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from phrase_provider.simulator.tms.entities import ProjectStatus  # noqa: TC001 - pydantic reads annotations
from phrase_provider.simulator.tms.schemas.base import (
    ClosedSchema,
    DateTime,
    DefaultFalse,
    EmptyList,
    IdReference,
    OpenSchema,
    UidReference,
)


class BusinessReferences(ClosedSchema):
    """The business references of projects and templates."""

    client: IdReference | None = None
    domain: IdReference | None = None
    sub_domain: IdReference | None = None
    business_unit: IdReference | None = None
    cost_center: IdReference | None = None


Name = Annotated[str, Field(min_length=1, max_length=255)]
Note = Annotated[str, Field(max_length=4096)]
PurchaseOrder = Annotated[str, Field(max_length=255)]


class NewProject(BusinessReferences):
    """The fields of new projects, with or without a template."""

    name: Name
    date_due: DateTime | None = None
    workflow_steps: list[IdReference] | None = None


class CreateProjectFromTemplate(NewProject):
    """``CreateProjectFromTemplateV2DtoV2``; languages that are not sent are the template's."""

    source_lang: str | None = None
    target_langs: list[str] | None = None
    note: str | None = None


class CreateProjectFromTemplateAsync(CreateProjectFromTemplate):
    """``CreateProjectFromTemplateAsyncV2DtoV2``."""

    callback_url: str | None = None


class ProjectExtras(BaseModel):
    """The fields of requests of version 3; there are no custom fields and LQA profiles to refer to."""

    file_handover: DefaultFalse = False
    propagate_translations_to_lower_wf_during_update_source: DefaultFalse = False
    custom_fields: EmptyList = None
    lqa_profiles: EmptyList = None


class CreateProject(NewProject, ProjectExtras):
    """``CreateProjectV3DtoV3``."""

    source_lang: str
    target_langs: Annotated[list[str], Field(min_length=1)]
    note: Note | None = None
    purchase_order: PurchaseOrder | None = None


class EditProject(BusinessReferences, ProjectExtras):
    """``EditProjectV3DtoV3``; what is not sent is emptied, but for the status and the owner."""

    name: Name
    status: ProjectStatus | None = None
    owner: IdReference | None = None
    date_due: DateTime | None = None
    note: Note | None = None
    purchase_order: PurchaseOrder | None = None
    archived: DefaultFalse = False


class WorkflowSettings(OpenSchema):
    """Further keys are accepted and ignored."""

    model_config = ConfigDict(extra="ignore")

    complete_unassigned: bool | None = None
    propagate_translations_to_lower_wf_during_update_source: bool | None = None


class PatchProject(BusinessReferences):
    """``PatchProjectDtoV1``; what is not sent stays as it is."""

    name: Name | None = None
    status: ProjectStatus | None = None
    owner: IdReference | None = None
    date_due: DateTime | None = None
    note: Note | None = None
    purchase_order: PurchaseOrder | None = None
    archived: bool | None = None
    project_workflow_settings: WorkflowSettings | None = None
    machine_translate_settings: UidReference | None = None
    machine_translate_settings_per_langs: list[dict[str, Any]] | None = None


class AddTargetLangs(OpenSchema):
    """``RequestBodyForAddingTargetLanguagesToAProject``."""

    target_langs: Annotated[list[str], Field(min_length=1)]


class SetProjectStatus(ClosedSchema):
    """``SetProjectStatusDtoV1``."""

    status: ProjectStatus
