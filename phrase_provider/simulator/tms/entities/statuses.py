"""Statuses and actions, as enums of the specification."""

from __future__ import annotations

from enum import StrEnum

from phrase_provider.simulator.core.enums import CaseInsensitiveEnum


class JobStatus(CaseInsensitiveEnum):
    """REST job statuses (schema ``JobStatusEnum2``)."""

    NEW = "NEW"
    EMAILED = "EMAILED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REJECTED = "REJECTED"
    COMPLETED = "COMPLETED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


class ProjectStatus(CaseInsensitiveEnum):
    """REST project statuses (schema ``JobStatusEnum``)."""

    NEW = "NEW"
    ASSIGNED = "ASSIGNED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    ACCEPTED_BY_VENDOR = "ACCEPTED_BY_VENDOR"
    DECLINED_BY_VENDOR = "DECLINED_BY_VENDOR"
    COMPLETED_BY_VENDOR = "COMPLETED_BY_VENDOR"


class ImportStatus(StrEnum):
    """Statuses of the import of a source file (schema ``ImportStatusEnum``)."""

    RUNNING = "RUNNING"
    OK = "OK"
    ERROR = "ERROR"


class AsyncAction(StrEnum):
    """The async actions of this simulator (part of the schema ``ActionEnum``)."""

    CREATE_PROJECT = "CREATE_PROJECT"
    IMPORT_JOB = "IMPORT_JOB"
    EXPORT_COMPLETE_FILE = "EXPORT_COMPLETE_FILE"
    PRE_ANALYSE = "PRE_ANALYSE"
    POST_ANALYSE = "POST_ANALYSE"
    COMPARE_ANALYSE = "COMPARE_ANALYSE"
    PRE_TRANSLATE = "PRE_TRANSLATE"
    UPDATE_SOURCE = "UPDATE_SOURCE"
    UPDATE_TARGET = "UPDATE_TARGET"
