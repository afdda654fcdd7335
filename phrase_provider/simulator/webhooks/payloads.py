"""
Bodies of webhooks and callbacks.

They differ from the REST answers: numeric ids, dates with ``Z``, and the statuses of the
legacy API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.core.clock import as_webhook_date, webhook_date
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.entities import JobStatus, Project
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.entities import (
        AsyncRequest,
        JobPart,
        ProviderReference,
        Template,
        User,
    )
    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.serializers import Json
    from phrase_provider.simulator.tms.state import State

LEGACY_STATUS: dict[JobStatus, str] = {
    JobStatus.NEW: "NEW",
    JobStatus.EMAILED: "EMAILED",
    JobStatus.ACCEPTED: "ASSIGNED",
    JobStatus.DECLINED: "DECLINED_BY_LINGUIST",
    JobStatus.REJECTED: "REJECTED_BY_LINGUIST",
    JobStatus.COMPLETED: "COMPLETED_BY_LINGUIST",
    JobStatus.DELIVERED: "COMPLETED",
    JobStatus.CANCELLED: "CANCELLED",
}
"""REST statuses to those of the legacy API; ``COMPLETED`` has another meaning in each."""

_NO_UPDATES: Json = {
    "confirmedUpdatedSegmentCount": 0,
    "unconfirmedUpdatedSegmentCount": 0,
    "duplicateContextKeysInDocument": [],
    "duplicateContextKeysInJob": [],
}


_VENDOR: Json = {
    "name": "Vendor",
    "vendorToken": None,
    "approved": True,
    **dict.fromkeys(
        ("sourceLocales", "targetLocales", "clients", "domains", "subDomains", "workflowSteps"), ()
    ),
    "netRateScheme": None,
    "priceList": None,
}


def envelope(event: WebhookEvent, event_uid: str, at: float, content: Json) -> Json:
    """
    Return the body of a webhook call.

    :param at: epoch seconds of simulated time.
    :param content: the payload under its root, such as ``jobParts``.
    """
    return {**content, "event": event, "timestamp": int(at), "eventUid": event_uid}


def of_jobs(state: State, event: WebhookEvent, parts: Sequence[JobPart], error: str | None = None) -> Json:
    """
    Return the payload of an event of job parts: a list, except for two events of a single part.

    :param error: why an export failed, for ``JOB_UNEXPORTED``.
    """
    if event is WebhookEvent.JOB_UNEXPORTED:
        return {"jobUid": parts[0].uid, "error": error}
    metadata = {"metadata": {"project": _metadata(parts[0].project)}}
    if event is WebhookEvent.JOB_TARGET_UPDATED:
        return {"jobPart": {**job_part(state, parts[0]), **_NO_UPDATES}, **metadata}
    return {"jobParts": [job_part(state, part) for part in parts], **metadata}


def of_project(project: Project) -> Json:
    """Return the payload of an event of a project: the answer of apply template, with other dates."""
    shape = serializers.created_project(project, None)
    return {"project": {**with_webhook_dates(shape), "type": "PROJECT"}}


def of_template(template: Template) -> Json:
    """Return the payload of an event of a project template."""
    shape = with_webhook_dates(serializers.template(template))
    return {"projectTemplate": {**shape, "dateModified": shape["dateTimeModified"]}}


def of_analysis(analysis: Analysis) -> Json:
    """Return the payload of an event of an analysis: the answer of get analysis, with other dates."""
    return {"analyse": with_webhook_dates(serializers.analysis(analysis))}


def of_async_request(request: AsyncRequest) -> Json:
    """Return the payload of an event of an async request."""
    return {"asyncRequest": serializers.async_request(request)}


def of_callback(state: State, request: AsyncRequest, result: Project | Analysis | None) -> Json:
    """
    Return the body of a callback.

    :param result: what the request created; ``None`` stands for its job parts.
    """
    payload = of_async_request(request)
    if isinstance(result, Project):
        return {**payload, **of_project(result)}
    if result is not None:
        return {**payload, **of_analysis(result)}
    parts = [part for uid in request.job_uids if (part := state.parts.get(uid))]
    return {**payload, "jobParts": [job_part(state, part) for part in parts]}


def job_part(state: State, part: JobPart) -> Json:
    """Return a job part as in webhooks and callbacks."""
    project = part.project
    return {
        "id": part.number,
        "uid": part.uid,
        "internalId": part.job.inner_id,
        "task": f"{part.job.uid[:17]}_dc{part.level}",
        "fileName": part.file.name,
        "targetLang": part.target_lang,
        "workflowLevel": part.level,
        "status": LEGACY_STATUS[part.status],
        "wordsCount": part.file.words if part.imported else -1,
        "beginIndex": part.begin_index,
        "endIndex": part.end_index if part.imported else -1,
        "isParentJobSplit": part.split,
        "dateDue": webhook_date(part.due),
        "dateCreated": webhook_date(part.created),
        "project": {"id": int(project.id), "uid": project.uid, "lastWorkflowLevel": project.last_level},
        "assignedTo": [_assignee(state, provider) for provider in part.providers],
    }


def _assignee(state: State, provider: ProviderReference) -> Json:
    user = state.users.get(provider["id"])
    if provider["type"] == "VENDOR" or user is None:
        return {"vendor": {"id": int(provider["id"]), "uid": provider["uid"], **_VENDOR}}
    return {"linguist": _linguist(user)}


def _linguist(user: User) -> Json:
    return {
        **serializers.user(user),
        "id": int(user.id),
        "timezone": "Europe/London",
        "active": True,
        "deleted": False,
        "terminologist": False,
        "dateCreated": None,
    }


def _metadata(project: Project) -> Json:
    return {
        "id": int(project.id),
        "uid": project.uid,
        "name": project.name,
        "sourceLang": project.source_lang,
        "status": project.status,
        "createdBy": _person(project.created_by),
        "owner": _person(project.owner),
    }


def _person(user: User) -> Json:
    return {"id": int(user.id), "uid": user.uid, "username": user.user_name}


def with_webhook_dates(shape: Any) -> Any:
    """Return a REST answer with its dates in the format of webhooks."""
    if isinstance(shape, list):
        return [with_webhook_dates(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    return {
        key: as_webhook_date(value)
        if key.startswith("date") and isinstance(value, str)
        else with_webhook_dates(value)
        for key, value in shape.items()
    }
