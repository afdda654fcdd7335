"""Objects that several resources contain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import Project, User, WorkflowStep


Json = dict[str, Any]


def user(person: User) -> Json:
    """Return ``UserReferenceV1``."""
    return {
        "id": person.id,
        "uid": person.uid,
        "userName": person.user_name,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "role": person.role,
    }


def workflow_step(step: WorkflowStep) -> Json:
    """Return ``WorkflowStepReferenceV1``."""
    return {"id": step.id, "uid": step.uid, "name": step.name, "order": step.order, "lqaEnabled": False}


def business_references(found: dict[str, Any]) -> Json:
    """Return the business references of projects and templates; ``null`` for missing ones."""
    return {kind: found.get(kind) for kind in ("client", "domain", "subDomain", "businessUnit", "costCenter")}


def workflow_settings(chosen: dict[str, bool]) -> Json:
    """Return ``ProjectWorkflowSettingsReferenceV1``."""
    return {"completeUnassigned": False, "propagateTranslationsToLowerWfDuringUpdateSource": False, **chosen}


def project_reference(project: Project | None) -> Json | None:
    """Return ``AReferenceToAProject``."""
    return {"name": project.name, "uid": project.uid} if project else None
