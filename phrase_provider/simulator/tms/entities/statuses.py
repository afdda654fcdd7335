"""The statuses and actions that Phrase names, as enums of their schemas."""

from __future__ import annotations

from enum import StrEnum

from phrase_provider.simulator.core.any_case import AnyCaseEnum


class JobStatus(AnyCaseEnum):
    """REST job statuses (schema ``JobStatusEnum2``)."""

    NEW = "NEW"
    EMAILED = "EMAILED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REJECTED = "REJECTED"
    COMPLETED = "COMPLETED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


class ProjectStatus(AnyCaseEnum):
    """REST project statuses (schema ``JobStatusEnum``)."""

    NEW = "NEW"
    ASSIGNED = "ASSIGNED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    ACCEPTED_BY_VENDOR = "ACCEPTED_BY_VENDOR"
    DECLINED_BY_VENDOR = "DECLINED_BY_VENDOR"
    COMPLETED_BY_VENDOR = "COMPLETED_BY_VENDOR"


class ImportStatus(StrEnum):
    """Where the import of a source file stands (schema ``ImportStatusEnum``)."""

    RUNNING = "RUNNING"
    OK = "OK"
    ERROR = "ERROR"


class AsyncAction(StrEnum):
    """The async actions that this simulator starts (part of schema ``ActionEnum``)."""

    CREATE_PROJECT = "CREATE_PROJECT"
    IMPORT_JOB = "IMPORT_JOB"
    EXPORT_COMPLETE_FILE = "EXPORT_COMPLETE_FILE"
    PRE_ANALYSE = "PRE_ANALYSE"
    POST_ANALYSE = "POST_ANALYSE"
    COMPARE_ANALYSE = "COMPARE_ANALYSE"
    PRE_TRANSLATE = "PRE_TRANSLATE"
    UPDATE_SOURCE = "UPDATE_SOURCE"
    UPDATE_TARGET = "UPDATE_TARGET"
