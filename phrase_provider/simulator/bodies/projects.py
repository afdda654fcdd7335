"""Bodies of requests about projects."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from phrase_provider.simulator.bodies.base import Closed, IdReference, Moment, Open, UidReference
from phrase_provider.simulator.entities import ProjectStatus  # noqa: TC001 - pydantic reads annotations


class BusinessReferences(Closed):
    """The references that projects share with templates."""

    client: IdReference | None = None
    domain: IdReference | None = None
    sub_domain: IdReference | None = None
    business_unit: IdReference | None = None
    cost_center: IdReference | None = None


class CreateProjectFromTemplate(BusinessReferences):
    """``CreateProjectFromTemplateV2DtoV2``."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    source_lang: str | None = None
    target_langs: list[str] | None = None
    date_due: Moment | None = None
    note: str | None = None
    workflow_steps: list[IdReference] | None = None


class WorkflowSettings(Open):
    complete_unassigned: bool | None = None
    propagate_translations_to_lower_wf_during_update_source: bool | None = None


class PatchProject(BusinessReferences):
    """``PatchProjectDtoV1``; what is not sent stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    status: ProjectStatus | None = None
    owner: IdReference | None = None
    date_due: Moment | None = None
    note: Annotated[str, Field(max_length=4096)] | None = None
    purchase_order: Annotated[str, Field(max_length=255)] | None = None
    archived: bool | None = None
    project_workflow_settings: WorkflowSettings | None = None
    machine_translate_settings: UidReference | None = None
    machine_translate_settings_per_langs: list[dict[str, Any]] | None = None


class SetProjectStatus(Closed):
    """``SetProjectStatusDtoV1``."""

    status: ProjectStatus
