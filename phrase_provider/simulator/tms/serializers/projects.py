"""Projects and their workflow steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.entities import JobStatus
from phrase_provider.simulator.tms.serializers.common import (
    business_references,
    user,
    workflow_settings,
    workflow_step,
)
from phrase_provider.simulator.tms.serializers.templates import template_item

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import Project, ProjectStep
    from phrase_provider.simulator.tms.serializers.common import Json


_DONE = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED})


def project_item(project: Project, role: str | None) -> Json:
    """
    Return ``AbstractProjectDtoV1``, the item of lists.

    :param role: ``userRole``, which real answers sometimes leave null.
    """
    return {
        "id": project.id,
        "uid": project.uid,
        "internalId": project.internal_id,
        "name": project.name,
        "dateCreated": rest_date(project.created),
        "dateDue": rest_date(project.due),
        "sourceLang": project.source_lang,
        "targetLangs": list(project.target_langs),
        "domain": project.references.get("domain"),
        "subDomain": project.references.get("subDomain"),
        "owner": user(project.owner),
        "references": [],
        "mtSettingsPerLanguageList": [],
        "userRole": role,
    }


def created_project(project: Project, role: str | None) -> Json:
    """Return ``ProjectDtoV2AdminOrProjectManager``, the answer of apply template."""
    return {
        **project_item(project, role),
        **business_references(project.references),
        "status": project.status,
        "note": project.note,
        "purchaseOrder": project.purchase_order,
        "createdBy": user(project.created_by),
        "progress": _progress(project),
        "workflowSteps": [project_step(step) for step in project.workflow],
        "projectWorkflowSettings": workflow_settings(project.workflow_settings),
        "fileHandoverSettings": {"fileHandover": project.file_handover},
        "accessSettings": {"id": project.id},
        "analyseSettings": {"id": project.id},
        "financialSettings": {"id": project.id},
        "qualityAssuranceSettings": {"id": project.id},
        "shared": False,
        "isPublishedOnJobBoard": False,
    }


def project(project: Project, role: str | None) -> Json:
    """Return ``ProjectDtoV1ProjectManagerOrAdmin``, the answer of get project."""
    return {
        **created_project(project, role),
        "workflowSteps": [step_instance(step) for step in project.workflow],
        "template": template_item(project.template) if project.template else None,
        "archived": project.archived,
        "archivedBy": user(project.owner) if project.archived else None,
        "dateArchived": rest_date(project.archived_at),
    }


def project_step(step: ProjectStep) -> Json:
    """Return ``ProjectWorkflowStepDtoV2``."""
    return {
        "id": step.id,
        "name": step.step.name,
        "abbreviation": step.step.abbreviation,
        "workflowLevel": step.level,
        "workflowStep": workflow_step(step.step),
    }


def step_instance(step: ProjectStep) -> Json:
    """Return ``ProjectSpecificWorkflowStepInstance``."""
    return {**project_step(step), "lqaProfileUid": None}


def _progress(project: Project) -> Json:
    finished = sum(part.status in _DONE for part in project.parts.values())
    return {"totalCount": len(project.parts), "finishedCount": finished, "overdueCount": 0}
