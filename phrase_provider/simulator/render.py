"""
Answers in the shapes of the TMS specification: every declared field, nulls spelled out, nothing undeclared.

Functions take entities and return JSON objects; each names the schema that it fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.catalogue import ORGANIZATION
from phrase_provider.simulator.clock import rest_date
from phrase_provider.simulator.entities import JobStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.deliveries import Delivery
    from phrase_provider.simulator.entities import (
        AsyncRequest,
        JobPart,
        Project,
        ProjectStep,
        Template,
        User,
        WorkflowStep,
    )
    from phrase_provider.simulator.webhooks import Webhook

Json = dict[str, Any]

_DONE = frozenset({JobStatus.COMPLETED, JobStatus.DELIVERED})
_IDLE_FEATURES = (
    "autoLqaCopilotEnabled",
    "birdieEnabled",
    "filteringByCustomMetadataEnabled",
    "filteringByRegexEnabled",
    "icuEnabled",
    "rejectJobs",
    "tbCustomFieldsEnabled",
)


def user(person: User) -> Json:
    """``UserReferenceV1``."""
    return {
        "id": person.id,
        "uid": person.uid,
        "userName": person.user_name,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "role": person.role,
    }


def login_user(person: User) -> Json:
    """``LoginUserDtoV1``."""
    return {
        "user": {**user(person), "suiteIdentifier": None},
        "organization": ORGANIZATION,
        "edition": {"name": "Simulator"},
        "features": {**dict.fromkeys(_IDLE_FEATURES, False), "mentionsAndNotificationsPollingInterval": 60},
        "csrfToken": None,
    }


def login_response(person: User, token: str, expires: float) -> Json:
    """``LoginResponseV3DtoV3``; ``expires`` in epoch seconds of real time."""
    return {
        "user": user(person),
        "token": token,
        "expires": rest_date(expires),
        "lastInvalidateAllSessionsPerformed": None,
    }


def workflow_step(step: WorkflowStep) -> Json:
    """``WorkflowStepReferenceV1``."""
    return {"id": step.id, "uid": step.uid, "name": step.name, "order": step.order, "lqaEnabled": False}


def template_item(template: Template) -> Json:
    """``ProjectTemplateReferenceV1``: the newest specification leaves it two fields."""
    return {"templateName": template.name, "uid": template.uid}


def template(template: Template) -> Json:
    """``ProjectTemplate``; ``name`` is the name of the project that the template was made from."""
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
        **_references(template.references),
        "vendor": None,
        "assignedTo": None,
        "workflowSteps": [_template_step(step) for step in template.steps],
        "workflowSettings": [_template_step_settings(step) for step in template.steps],
        "projectWorkflowSettings": _workflow_settings({}),
        "importSettings": None,
        "notifyProviders": None,
        "fileHandoverSettings": {"fileHandover": False},
        "useDynamicTitle": False,
        "dynamicTitle": None,
    }


def _template_step(step: WorkflowStep) -> Json:
    return {**workflow_step(step), "abbr": step.abbreviation}


def _template_step_settings(step: WorkflowStep) -> Json:
    return {"workflowStep": workflow_step(step), "assignedTo": [], "notifyProvider": None, "lqaProfile": None}


def _references(references: dict[str, Any]) -> Json:
    return {
        kind: references.get(kind) for kind in ("client", "domain", "subDomain", "businessUnit", "costCenter")
    }


def _workflow_settings(chosen: dict[str, bool]) -> Json:
    return {"completeUnassigned": False, "propagateTranslationsToLowerWfDuringUpdateSource": False, **chosen}


def project_item(project: Project, role: str | None) -> Json:
    """
    ``AbstractProjectDtoV1``, what lists tell.

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
    """``ProjectDtoV2AdminOrProjectManager``, the answer of apply template."""
    return {
        **project_item(project, role),
        **_references(project.references),
        "status": project.status,
        "note": project.note,
        "purchaseOrder": project.purchase_order,
        "createdBy": user(project.created_by),
        "progress": _progress(project),
        "workflowSteps": [
            {**_project_step(step), "workflowStep": workflow_step(step.step)} for step in project.steps
        ],
        "projectWorkflowSettings": _workflow_settings(project.workflow_settings),
        "fileHandoverSettings": {"fileHandover": False},
        "accessSettings": {"id": project.id},
        "analyseSettings": {"id": project.id},
        "financialSettings": {"id": project.id},
        "qualityAssuranceSettings": {"id": project.id},
        "shared": False,
        "isPublishedOnJobBoard": False,
    }


def project(project: Project, role: str | None) -> Json:
    """``ProjectDtoV1ProjectManagerOrAdmin``, the answer of get project."""
    return {
        **created_project(project, role),
        "workflowSteps": [
            {**_project_step(step), "lqaProfileUid": None, "workflowStep": workflow_step(step.step)}
            for step in project.steps
        ],
        "template": template_item(project.template),
        "archived": project.archived,
        "archivedBy": user(project.owner) if project.archived else None,
        "dateArchived": rest_date(project.archived_at),
    }


def _project_step(step: ProjectStep) -> Json:
    return {
        "id": step.id,
        "name": step.step.name,
        "abbreviation": step.step.abbreviation,
        "workflowLevel": step.level,
    }


def _progress(project: Project) -> Json:
    finished = sum(part.status in _DONE for part in project.parts.values())
    return {"totalCount": len(project.parts), "finishedCount": finished, "overdueCount": 0}


def _any_job(part: JobPart) -> Json:
    return {
        "uid": part.uid,
        "status": part.status,
        "targetLang": part.target_lang,
        "filename": part.file.name,
        "dateCreated": rest_date(part.created),
        "dateDue": rest_date(part.due),
        "imported": part.imported,
        "continuous": False,
        "providers": part.providers,
    }


def _read_job(part: JobPart) -> Json:
    return {
        **_any_job(part),
        "innerId": part.job.inner_id,
        "importStatus": {"status": part.import_status, "errorMessage": part.import_error},
        "originalFileDirectory": part.file.directory,
        "serverTaskId": f"{part.job.uid}_{part.step.step.abbreviation.lower()}",
        "workflowStep": {
            "id": str(part.step.id),
            "name": part.step.step.name,
            "order": part.step.step.order,
            "workflowLevel": part.level,
        },
    }


def created_job(part: JobPart) -> Json:
    """One of ``jobs`` in ``JobListDtoV1``, the answer of create job."""
    return {
        **_any_job(part),
        "sourceFileUid": part.file.uid,
        "workflowLevel": part.level,
        "workflowStep": workflow_step(part.step.step),
        "updateSourceDate": None,
        "notificationIntervalInMinutes": -1,
        "jobAssignedEmailTemplate": None,
    }


def job_item(part: JobPart) -> Json:
    """``JobPartReferenceV2``, what the job list tells."""
    return {
        **_read_job(part),
        "sourceFileUid": part.file.uid,
        "split": part.split,
        "owner": user(part.project.owner),
        "remoteFile": None,
    }


def job(part: JobPart) -> Json:
    """``JobPartExtendedDtoV1``, the answer of get job."""
    return {
        **_read_job(part),
        "workflowLevel": part.level,
        "lastWorkflowLevel": part.project.last_level,
        "project": {"name": part.project.name, "uid": part.project.uid},
        "sourceLang": part.project.source_lang,
        "jobReference": {"uid": part.job.uid, "filename": part.file.name},
        "wordsCount": part.file.words if part.imported else -1,
        "beginIndex": part.begin_index,
        "endIndex": part.end_index,
        "isParentJobSplit": part.split,
        "updateSourceDate": None,
        "updateTargetDate": None,
        "continuousJobInfo": None,
        "workUnit": None,
    }


def async_reference(request: AsyncRequest) -> Json:
    """``AsyncRequestReferenceV1``, named by the answer of create job."""
    return {"id": request.id, "action": request.action, "dateCreated": rest_date(request.created)}


def async_request_v2(request: AsyncRequest) -> Json:
    """``AsyncRequestV2DtoV2``: its response has no count of accepted segments."""
    return {
        **async_reference(request),
        "createdBy": user(request.created_by),
        "asyncResponse": _async_response(request),
        "parent": None,
        "project": {"name": request.project.name, "uid": request.project.uid},
    }


def async_request(request: AsyncRequest) -> Json:
    """``AsyncRequestDtoV1``: finished with an ``asyncResponse``, failed with an ``errorCode`` in it."""
    shape = async_request_v2(request)
    if shape["asyncResponse"] is not None:
        shape["asyncResponse"]["acceptedSegmentsCount"] = None
    return shape


def _async_response(request: AsyncRequest) -> Json | None:
    if request.finished is None:
        return None
    return {
        "dateCreated": rest_date(request.finished),
        "errorCode": request.error_code,
        "errorDesc": request.error_text,
        "errorDetails": None,
        "warnings": None,
    }


def webhook(hook: Webhook) -> Json:
    """``WebHookDtoV2``; Phrase shows the secret to whoever may read webhooks."""
    return {
        "id": hook.id,
        "uid": hook.uid,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "status": hook.status,
        "secretToken": hook.secret,
        "secretTokenType": hook.secret_type,
        "hidden": hook.hidden,
        "failedAttempts": hook.failed_attempts,
        "created": rest_date(hook.created),
        "createdBy": user(hook.created_by),
        "lastModified": rest_date(hook.modified),
        "lastModifiedBy": user(hook.modified_by),
    }


def webhook_call(delivery: Delivery) -> Json:
    """``WebhookCallDtoV1``."""
    return {
        "uid": delivery.uid,
        "parentUid": delivery.parent,
        "eventUid": delivery.event_uid,
        "triggerEvent": delivery.event,
        "webhookSettings": {"uid": delivery.webhook.uid} if delivery.webhook else None,
        "url": delivery.url,
        "body": delivery.body,
        "createdAt": rest_date(delivery.due),
        "retryAttempt": delivery.retry,
        "statusCode": delivery.status,
        "errorMessage": delivery.error,
        "forced": delivery.forced,
        "lastForcedAt": rest_date(delivery.forced_at),
    }
