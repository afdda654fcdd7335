"""Waiting for jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.api.tms.conditions import JobsImported, JobsReachedStatus
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.triggers.wait import PhraseWaitTrigger

if TYPE_CHECKING:
    from collections.abc import Sequence


class PhraseTmsJobsImportedTrigger(PhraseWaitTrigger):
    """
    Fires when the files of jobs have been imported.

    :param project_uid: uid.
    :param job_uids: uids of job parts.
    """

    def __init__(self, *, project_uid: str, job_uids: Sequence[str], **wait: Any) -> None:
        super().__init__(**wait)
        self.project_uid = project_uid
        self.job_uids = list(job_uids)

    def condition(self) -> JobsImported:
        """Give what is waited for."""
        return JobsImported(self.project_uid, self.job_uids)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give class and arguments."""
        path, kwargs = super().serialize()
        return path, {**kwargs, "project_uid": self.project_uid, "job_uids": self.job_uids}


class PhraseTmsJobStatusTrigger(PhraseWaitTrigger):
    """
    Fires when jobs have reached a status.

    :param project_uid: uid.
    :param job_uids: uids of job parts; None: all of the project's highest workflow level.
    :param status: REST word.
    :param fail_on_rework: whether ``REJECTED`` and ``DECLINED`` end the wait.
    """

    def __init__(
        self,
        *,
        project_uid: str,
        job_uids: Sequence[str] | None = None,
        status: str = JobStatus.COMPLETED,
        fail_on_rework: bool = False,
        **wait: Any,
    ) -> None:
        super().__init__(**wait)
        self.project_uid = project_uid
        self.job_uids = None if job_uids is None else list(job_uids)
        self.status = str(status)
        self.fail_on_rework = fail_on_rework

    def condition(self) -> JobsReachedStatus:
        """Give what is waited for."""
        return JobsReachedStatus(self.project_uid, self.job_uids, JobStatus(self.status), self.fail_on_rework)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give class and arguments."""
        path, kwargs = super().serialize()
        return path, {
            **kwargs,
            "project_uid": self.project_uid,
            "job_uids": self.job_uids,
            "status": self.status,
            "fail_on_rework": self.fail_on_rework,
        }
