"""Jobs and status changes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.serializers.common import project_reference, user, workflow_step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.entities import JobPart, StatusChange
    from phrase_provider.simulator.tms.serializers.common import Json


def _any_job(part: JobPart) -> Json:
    return {
        "uid": part.uid,
        "status": part.status,
        "targetLang": part.target_lang,
        "filename": part.file.name,
        "dateCreated": rest_date(part.created),
        "dateDue": rest_date(part.due),
        "imported": part.imported,
        "continuous": part.job.continuous,
        "providers": part.providers,
    }


def _read_job(part: JobPart) -> Json:
    return {
        **_any_job(part),
        "innerId": part.job.inner_id,
        "importStatus": {"status": part.import_status, "errorMessage": part.import_error},
        "originalFileDirectory": part.file.directory,
        "serverTaskId": f"{part.job.uid}_{part.step.step.abbreviation.lower()}",
        "workflowStep": step_of(part),
    }


def step_of(part: JobPart) -> Json | None:
    """Return ``ProjectWorkflowStepReferenceV1``; ``None`` in a project without workflow."""
    if not part.project.workflow:
        return None
    return {
        "id": str(part.step.id),
        "name": part.step.step.name,
        "order": part.step.step.order,
        "workflowLevel": part.level,
    }


def created_job(part: JobPart) -> Json:
    """One of ``jobs`` in ``JobListDtoV1``, the answer of create job."""
    return {
        **_any_job(part),
        "sourceFileUid": part.file.uid,
        "workflowLevel": part.level,
        "workflowStep": workflow_step(part.step.step) if part.project.workflow else None,
        "updateSourceDate": rest_date(part.job.source_updated),
        "notificationIntervalInMinutes": -1,
        "jobAssignedEmailTemplate": None,
    }


def job_parts(parts: Iterable[JobPart]) -> Json:
    """Return ``ListOfJobParts``."""
    return {"jobs": [created_job(part) for part in parts]}


def _updated_job(part: JobPart) -> Json:
    return {
        "uid": part.uid,
        "status": part.status,
        "targetLang": part.target_lang,
        "filename": part.file.name,
    }


def source_updated_job(part: JobPart) -> Json:
    """Return ``JobPartUpdateSourceDtoV1``."""
    return {
        **_updated_job(part),
        "workflowLevel": part.level,
        "workflowStep": workflow_step(part.step.step) if part.project.workflow else None,
    }


def target_updated_job(part: JobPart) -> Json:
    """Return ``JobPartUpdateTargetDtoV1``."""
    return {**_updated_job(part), "projectWorkflowStepReference": step_of(part)}


def status_change(change: StatusChange) -> Json:
    """Return ``JobPartStatusChangeDtoV1``."""
    return {
        "status": change.status,
        "changedDate": rest_date(change.at),
        "changedBy": user(change.by),
    }


def job_item(part: JobPart) -> Json:
    """Return ``JobPartReferenceV2``, the item of the job list."""
    return {
        **_read_job(part),
        "sourceFileUid": part.file.uid,
        "split": part.split,
        "owner": user(part.project.owner),
        "remoteFile": _remote_file(part),
    }


def _remote_file(part: JobPart) -> Json | None:
    """Return ``JobRemoteFileReferenceV1``; ``None`` for a job that is not from a connector."""
    folder, name = part.job.remote_folder, part.file.name
    if folder is None:
        return None
    return {
        "humanReadableFolder": folder,
        "humanReadableFileName": name,
        "encodedFolder": quote(folder),
        "encodedFileName": quote(name),
    }


def job(part: JobPart) -> Json:
    """Return ``JobPartExtendedDtoV1``, the answer of get job."""
    return {
        **_read_job(part),
        "workflowLevel": part.level,
        "lastWorkflowLevel": part.project.last_level,
        "project": project_reference(part.project),
        "sourceLang": part.project.source_lang,
        "jobReference": {"uid": part.job.uid, "filename": part.file.name},
        "wordsCount": part.file.words if part.imported else -1,
        "beginIndex": part.begin_index,
        "endIndex": part.end_index,
        "isParentJobSplit": part.split,
        "updateSourceDate": rest_date(part.job.source_updated),
        "updateTargetDate": rest_date(part.target_updated),
        "continuousJobInfo": None,
        "workUnit": None,
    }
