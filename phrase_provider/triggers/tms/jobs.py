"""Triggers for jobs: the import of their files, and their status."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

from phrase_provider._compat import atask_state
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.hooks.tms import PhraseTmsHook
from phrase_provider.services.tms.cancellation import IN_TRIGGERER, cancel_jobs
from phrase_provider.triggers.tms.base import PhraseTmsWaitTrigger
from phrase_provider.waiting.tms.imports import JobsImported
from phrase_provider.waiting.tms.job_status import JobsReachedStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from phrase_provider.triggers.wait import WaitOptions

#: States of a task instance that goes on no more.
ENDED = frozenset({"failed", "success", "skipped", "upstream_failed", "removed"})

#: Cancelling that goes on; asyncio itself would forget it.
_under_way: set[asyncio.Task[None]] = set()


class PhraseTmsJobsImportedTrigger(PhraseTmsWaitTrigger):
    """
    Fires when the files of jobs have been imported.

    :param project_uid: uid.
    :param job_uids: uids of job parts.
    """

    def __init__(self, *, project_uid: str, job_uids: Sequence[str], **wait: Unpack[WaitOptions]) -> None:
        super().__init__(**wait)
        self.project_uid = project_uid
        self.job_uids = list(job_uids)

    def condition(self) -> JobsImported:
        """Return what is waited for."""
        return JobsImported(self.project_uid, self.job_uids)

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments."""
        path, kwargs = super().serialize()
        return path, {**kwargs, "project_uid": self.project_uid, "job_uids": self.job_uids}


class PhraseTmsJobStatusTrigger(PhraseTmsWaitTrigger):
    """
    Fires when jobs have reached a status.

    :param project_uid: uid.
    :param job_uids: uids of job parts; None: all of the project's highest workflow level.
    :param status: REST word.
    :param fail_on_rework: whether ``REJECTED`` and ``DECLINED`` end the wait.
    :param cancel_on_kill: whether the jobs are cancelled when a person ends the task.
    :param ignore_cancelled: whether cancelled jobs are left out.
    """

    def __init__(
        self,
        *,
        project_uid: str,
        job_uids: Sequence[str] | None = None,
        status: str = JobStatus.COMPLETED,
        fail_on_rework: bool = False,
        cancel_on_kill: bool = False,
        ignore_cancelled: bool = False,
        **wait: Unpack[WaitOptions],
    ) -> None:
        super().__init__(**wait)
        self.project_uid = project_uid
        self.job_uids = None if job_uids is None else list(job_uids)
        self.status = str(status)
        self.fail_on_rework = fail_on_rework
        self.cancel_on_kill = cancel_on_kill
        self.ignore_cancelled = ignore_cancelled

    def condition(self) -> JobsReachedStatus:
        """Return what is waited for."""
        return JobsReachedStatus(
            self.project_uid,
            self.job_uids,
            JobStatus(self.status),
            self.fail_on_rework,
            self.ignore_cancelled,
        )

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments."""
        path, kwargs = super().serialize()
        return path, {
            **kwargs,
            "project_uid": self.project_uid,
            "job_uids": self.job_uids,
            "status": self.status,
            "fail_on_rework": self.fail_on_rework,
            "cancel_on_kill": self.cancel_on_kill,
            "ignore_cancelled": self.ignore_cancelled,
        }

    async def on_kill(self) -> None:
        """
        Cancel the jobs if that was asked for; Airflow 3.3 and newer calls it, when a person acts on the task.

        It also calls it when something else has woken the task, or another triggerer takes over: so the
        task must have ended. Marked failed, successful or skipped it has; cleared it waits again.
        """
        if self.cancel_on_kill:
            work = asyncio.create_task(self._cancel_if_ended())
            _under_way.add(work)
            work.add_done_callback(_under_way.discard)
            # Airflow 3.3.2 cancels this coroutine again each second, until it has ended.
            await asyncio.shield(work)

    async def _cancel_if_ended(self) -> None:
        state = await atask_state(self.task_instance)
        if state not in ENDED:
            self.log.info("No job is cancelled: the task is %s, so nobody has ended it.", state or "cleared")
            return
        hook = await PhraseTmsHook.aconnect(self.phrase_conn_id)
        await asyncio.to_thread(self._cancel, hook)

    def _cancel(self, hook: PhraseTmsHook) -> None:
        with closing(hook.client) as client:
            cancel_jobs(client, self.project_uid, self.job_uids, self.log, seconds=IN_TRIGGERER)
