"""Sensors for jobs: the import of their files, and their status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.cancel_on_kill import CancelOnKillMixin
from phrase_provider.config import HUMAN_POKE_INTERVAL, WITHOUT_DUE
from phrase_provider.links import PhraseTmsJobLink, PhraseTmsLinksMixin, PhraseTmsProjectLink
from phrase_provider.sensors.tms.base import PhraseTmsSensor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import Unpack

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.services.tms.job_uids import JobUids
    from phrase_provider.triggers.tms.jobs import PhraseTmsJobsImportedTrigger, PhraseTmsJobStatusTrigger
    from phrase_provider.triggers.wait import WaitOptions
    from phrase_provider.waiting.conditions import PollResult
    from phrase_provider.waiting.tms.imports import JobsImported
    from phrase_provider.waiting.tms.job_status import JobsReachedStatus


class _JobsSensor(PhraseTmsLinksMixin, PhraseTmsSensor):
    """
    A wait for jobs of one project.

    :param project_uid: uid (templated).
    :param job_uids: uid or uids of job parts, rows that created them, or the path of a job list, of which
        the project's jobs count (templated).
    """

    template_fields: Sequence[str] = (*PhraseTmsSensor.template_fields, "project_uid", "job_uids")
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(), PhraseTmsJobLink())

    def __init__(self, *, project_uid: str, job_uids: JobUids | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project_uid = project_uid
        self.job_uids = job_uids

    def prepare(self, context: Context) -> None:
        """Push the links to project and job, so that they work while the task waits."""
        uids = self._uids() or []
        job_uid = uids[0] if len(uids) == 1 else None
        self.push_links(context, project_uid=self.project_uid, job_uid=job_uid)

    def _uids(self) -> list[str] | None:
        from phrase_provider.services.tms.job_uids import job_uids_of

        return None if self.job_uids is None else job_uids_of(self.job_uids, self.project_uid)


class PhraseTmsJobsImportedSensor(_JobsSensor):
    """
    Waits until Phrase has imported the files of jobs; before that nobody can work on them.

    Source: ``importStatus`` of ``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}``. Returns
    ``{project_uid, job_uids}``, for more than 30 jobs ``{project_uid, jobs}`` with their number. Fails when
    an import fails.

    :param project_uid: uid (templated).
    :param job_uids: uid or uids of job parts, rows that created them, or the path of a job list, of which
        the project's jobs count; deferred, 1,000 at most (templated).
    """

    def __init__(
        self,
        *,
        project_uid: str,
        job_uids: JobUids,
        timeout: timedelta | float = 6 * 3600,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            project_uid=project_uid,
            job_uids=job_uids,
            timeout=timeout,
            **kwargs,
        )

    def condition(self) -> JobsImported:
        """Return what is waited for."""
        from phrase_provider.waiting.tms.imports import JobsImported

        return JobsImported(self.project_uid, self._uids_to_import())

    def trigger(self, **wait: Unpack[WaitOptions]) -> PhraseTmsJobsImportedTrigger:
        """
        Return the trigger that waits for the same condition.

        :raises PhraseInputError: there are too many jobs for a trigger.
        """
        from phrase_provider.services.tms.job_uids import require_deferrable
        from phrase_provider.triggers.tms.jobs import PhraseTmsJobsImportedTrigger

        uids = require_deferrable(self._uids_to_import())
        return PhraseTmsJobsImportedTrigger(project_uid=self.project_uid, job_uids=uids, **wait)

    def _uids_to_import(self) -> list[str]:
        from phrase_provider.services.tms.job_uids import job_uids_of

        # A skipped task gives None, which is not the same as all jobs here.
        return job_uids_of(self.job_uids or (), self.project_uid)


class PhraseTmsJobStatusSensor(CancelOnKillMixin, _JobsSensor):
    """
    Waits until jobs have reached a status.

    ``COMPLETED`` is met by ``DELIVERED`` too. ``REJECTED`` and ``DECLINED`` are rework: people send
    work back every day, so the wait goes on with a warning. A ``CANCELLED`` job fails the task once
    the other jobs have arrived. All parts of a split job count.

    Source: section "Job status reference" of the workflow guide. Returns
    ``{project_uid, status, counts}``.

    :param project_uid: uid (templated).
    :param job_uids: uid or uids of job parts, rows that created them, or the path of a job list, of which
        the project's jobs count; deferred, 1,000 at most (templated). Default: all jobs of the project's
        highest workflow level, those there at each poll, at least one.
    :param status: what is waited for (templated).
    :param fail_on_rework: whether ``REJECTED`` and ``DECLINED`` fail the task.
    :param ignore_cancelled: whether cancelled jobs are left out, for a project in which people cancel
        some; the task still fails when all of them are cancelled.
    :param timeout: longest wait, in seconds; default: until 14 days after the last due date of the open
        jobs, also when people move it meanwhile, and 60 days for a job without.
    :param cancel_on_kill: cancel the jobs, in all their workflow steps, when somebody marks the waiting
        task failed, successful or skipped (deferred: Airflow 3.3 and newer), or it is killed on a worker,
        also by the end of the worker or a timeout; never those completed, delivered or cancelled already.
    """

    template_fields: Sequence[str] = (*_JobsSensor.template_fields, "status")
    default_interval = HUMAN_POKE_INTERVAL

    def __init__(
        self,
        *,
        project_uid: str,
        job_uids: JobUids | None = None,
        status: str = "COMPLETED",
        fail_on_rework: bool = False,
        ignore_cancelled: bool = False,
        timeout: timedelta | float | None = None,
        cancel_on_kill: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            project_uid=project_uid,
            job_uids=job_uids,
            timeout=WITHOUT_DUE if timeout is None else timeout,
            **kwargs,
        )
        self.status = status
        self.fail_on_rework = fail_on_rework
        self.ignore_cancelled = ignore_cancelled
        self.until_due = timeout is None
        self.cancel_on_kill = cancel_on_kill

    def job_uids_to_cancel(self) -> list[str] | None:
        """Return the uids of the jobs that are waited for; None: all of the project."""
        return self._uids()

    def deadline(self, result: PollResult | None) -> float:
        """Return the deadline: as the author says, else by the due dates that Phrase shows now."""
        from phrase_provider.waiting.deadlines import deadline_of

        if self.until_due and result:
            return deadline_of(result.due_dates, self._started)
        return super().deadline(result)

    def condition(self) -> JobsReachedStatus:
        """
        Return what is waited for.

        :raises PhraseInputError: no such status.
        """
        from phrase_provider.api.tms.job_status import parse_status
        from phrase_provider.waiting.tms.job_status import JobsReachedStatus

        return JobsReachedStatus(
            self.project_uid,
            self._uids(),
            parse_status(self.status),
            self.fail_on_rework,
            self.ignore_cancelled,
        )

    def trigger(self, **wait: Unpack[WaitOptions]) -> PhraseTmsJobStatusTrigger:
        """
        Return the trigger that waits for the same condition.

        :raises PhraseInputError: there are too many jobs for a trigger.
        """
        from phrase_provider.api.tms.job_status import parse_status
        from phrase_provider.services.tms.job_uids import require_deferrable
        from phrase_provider.triggers.tms.jobs import PhraseTmsJobStatusTrigger

        uids = self._uids()
        return PhraseTmsJobStatusTrigger(
            project_uid=self.project_uid,
            job_uids=None if uids is None else require_deferrable(uids),
            status=parse_status(self.status),
            fail_on_rework=self.fail_on_rework,
            ignore_cancelled=self.ignore_cancelled,
            cancel_on_kill=self.cancel_on_kill,
            **wait,
        )
