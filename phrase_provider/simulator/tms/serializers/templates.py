"""Project templates: list, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.serializers.common import (
    business_references,
    user,
    workflow_settings,
    workflow_step,
)

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import (
        EmailTemplate,
        ProviderReference,
        Template,
        WorkflowStep,
    )
    from phrase_provider.simulator.tms.serializers.common import Json


def template_item(template: Template) -> Json:
    """Return ``ProjectTemplateReferenceV1``: the newest specification leaves it two fields."""
    return {"templateName": template.name, "uid": template.uid}


def template(template: Template) -> Json:
    """Return ``ProjectTemplate``; ``name`` is the name of the project that the template was made from."""
    owner = user(template.owner)
    return {
        **template_item(template),
        "id": template.id,
        "name": f"{template.name} (source project)",
        "sourceLang": template.source_lang,
        "targetLangs": list(template.target_langs),
        "note": template.note,
        "owner": owner,
        "createdBy": owner,
        "modifiedBy": owner,
        "dateCreated": rest_date(template.created),
        "dateModified": None,
        "dateTimeModified": rest_date(template.created),
        **business_references(template.references),
        "vendor": None,
        "assignedTo": None,
        "workflowSteps": [_template_step(step) for step in template.steps],
        "workflowSettings": [
            _step_settings(step, providers, template.notification)
            for step, providers in zip(template.steps, template.providers, strict=True)
        ],
        "projectWorkflowSettings": workflow_settings({}),
        "importSettings": None,
        "notifyProviders": None,
        "fileHandoverSettings": {"fileHandover": False},
        "useDynamicTitle": False,
        "dynamicTitle": None,
    }


def _template_step(step: WorkflowStep) -> Json:
    return {**workflow_step(step), "abbr": step.abbreviation}


def _step_settings(
    step: WorkflowStep, providers: dict[str, list[ProviderReference]], mail: EmailTemplate | None
) -> Json:
    return {
        "workflowStep": workflow_step(step),
        "assignedTo": [{"targetLang": lang, "providers": given} for lang, given in providers.items()],
        "notifyProvider": _notification(mail) if mail else None,
        "lqaProfile": None,
    }


def _notification(mail: EmailTemplate) -> Json:
    """Return ``ProjectTemplateNotifyProviderDtoProjectTemplateV1``."""
    template = {"id": mail.id, "uid": mail.uid, "name": mail.name}
    return {"organizationEmailTemplate": template, "notificationIntervalInMinutes": 0}
