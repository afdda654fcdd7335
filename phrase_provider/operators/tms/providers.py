"""The operator that assigns providers to jobs: without one, a job stands still."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import conf

from phrase_provider.config import MACHINE_POKE_INTERVAL, number
from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator, seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.services.tms.job_uids import JobUids
    from phrase_provider.services.tms.jobs_by_project import ProjectJobs
    from phrase_provider.services.tms.providers.assignment_run import Assigned, AssignmentRun
    from phrase_provider.services.tms.providers.named_providers import ProviderNames
    from phrase_provider.services.tms.rows import AssignmentRow

#: Seconds that a task which can defer waits on the worker first: most imports need less, and Airflow may fail
#: a task that resumes just after it was deferred, so no wait is shorter than that.
SHORT_WAIT = 30.0


class PhraseTmsAssignProvidersOperator(PhraseTmsOperator):
    """
    Assigns providers to jobs in all their workflow steps; Phrase notifies them if the template says so.

    A project that was made from a template over the API has nobody assigned, and its jobs stand still. By
    default, each job gets the providers of the template that its project was made from. What is imported is
    assigned at once; then the task waits for the other imports, and assigns again, so that a late import
    holds no other back.

    A job part that somebody has is left alone: a retried, cleared or repeated task assigns nothing twice, and
    nobody is notified twice. What was skipped is found by reading the jobs again, and named in the log with
    its reason; the task does not fail for it. The token's user must see linguists: else Phrase hides who is
    assigned, and the reason may be ``unknown``.

    Sends ``GET /api2/v2/projects/{projectUid}/jobs`` and ``POST
    …/applyTemplate/{templateUid}/assignProviders/forJobParts`` for each 100 job parts; with ``providers``
    ``GET /api2/v1/users``, ``GET /api2/v1/vendors`` and ``PATCH /api2/v3/jobs``, which notifies nobody.
    Returns ``{projects, assigned, already_assigned, skipped}``: numbers of job parts, the last by reason.

    :param project_uid: uid of the jobs' project; not needed where rows name it (templated).
    :param job_uids: uids of job parts, any of each job; or rows that created them; or the path of a job list;
        default: all jobs of the project (templated).
    :param template: uid, exact name or numeric id of the project template whose providers are assigned;
        default: the one that the project was made from (templated).
    :param providers: whom to assign instead, by language and workflow step, as a mapping or its JSON text:
        ``{"de": {"Translation": "tara", "Revision": "vendor:Good Words Ltd."}, "*": "user:jo@example.com"}``.
        ``*`` stands for all other languages or steps; steps are names or levels; providers are uids, user
        names, mail addresses or names, one or a list (templated).
    :param deferrable: wait in the triggerer, after a short time on the worker; default: ``[operators]
        default_deferrable``.
    :param poll_interval: longest time between looks at the imports, in seconds; default: ``[phrase]
        machine_poke_interval``.
    :param timeout: longest wait for imports, in seconds.
    :raises PhraseInputError: a project has no template, or one with another number of workflow steps; or
        there is no such provider or step. Nothing was assigned.
    :raises PhraseTimeoutError: an import did not end in time; what is imported is assigned.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "project_uid",
        "job_uids",
        "template",
        "providers",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        project_uid: str | None = None,
        job_uids: JobUids | None = None,
        template: str | None = None,
        providers: str | ProviderNames | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: timedelta | float | None = None,
        timeout: timedelta | float = 6 * 3600,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_uid = project_uid
        self.job_uids = job_uids
        self.template = template
        self.providers = providers
        self.deferrable = deferrable
        self.poll_interval = number(MACHINE_POKE_INTERVAL) if poll_interval is None else poll_interval
        self.timeout = timeout

    def execute(self, context: Context) -> AssignmentRow:
        """Assign what is imported; then wait for the rest, here or deferred."""
        started = time.time()
        deadline = started + self._longest_wait()
        until = min(deadline, started + SHORT_WAIT) if self.deferrable else deadline
        run = self._run(context)
        done = run.assign()
        assigned = done.assigned
        while running := done.running():
            if not self._have_ended(running, until):
                self._defer(running, assigned, deadline)
            done = run.assign()
            assigned += done.assigned
        return self._row(done, assigned)

    def execute_complete(self, context: Context, event: object = None) -> AssignmentRow:
        """
        Assign what is imported by now; then wait for the rest again.

        :param event: see :mod:`phrase_provider.triggers.events`; carries number assigned and deadline.
        """
        from phrase_provider.triggers.events import deadline_of, noted_number, result_of

        result_of(event)
        done = self._run(context).assign()
        assigned = int(noted_number(event, "assigned") or 0) + done.assigned
        if running := done.running():
            self._defer(running, assigned, deadline_of(event) or time.time() + self._longest_wait())
        return self._row(done, assigned)

    def _run(self, context: Context) -> AssignmentRun:
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.services.tms.providers.assignment_run import AssignmentRun
        from phrase_provider.services.tms.providers.named_providers import parse_names

        jobs = self._jobs()
        if jobs:
            self.push_links(context, project_uid=next(iter(jobs)))
        return AssignmentRun(
            self.client,
            jobs,
            template=self.template or None,
            names=parse_names(self.providers) if self.providers else None,
            ledger=Ledger.of(context),
            log=self.log,
        )

    def _jobs(self) -> Mapping[str, ProjectJobs | None]:
        from phrase_provider.exceptions import PhraseInputError
        from phrase_provider.services.tms.jobs_by_project import jobs_by_project

        if self.job_uids is not None:
            return jobs_by_project(self.job_uids, self.project_uid)
        if not self.project_uid:
            raise PhraseInputError(
                "Neither a project nor jobs are given", hint="Give project_uid, or job_uids with rows."
            )
        return {self.project_uid: None}

    def _have_ended(self, running: Mapping[str, Sequence[str]], until: float) -> bool:
        """
        Wait on this worker until imports have ended, and return whether they have.

        :raises PhraseTimeoutError: they have not, and the task cannot defer.
        """
        from phrase_provider.exceptions import PhraseTimeoutError
        from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
        from phrase_provider.waiting.tms.imports_ended import ImportsEnded

        condition = ImportsEnded(running, earliest=time.time())
        limits = {"max_interval": seconds_of(self.poll_interval), "deadline": until}
        try:
            wait_for(BlockingWait(condition, self.client, self.log, **limits))
        except PhraseTimeoutError:
            if not self.deferrable:
                raise
            return False
        return True

    def _longest_wait(self) -> float:
        # Airflow does not enforce the execution timeout while a task is deferred.
        allowed = self.execution_timeout or timedelta.max
        return min(seconds_of(self.timeout), allowed.total_seconds())

    def _defer(self, running: Mapping[str, Sequence[str]], assigned: int, deadline: float) -> NoReturn:
        from phrase_provider.triggers.tms.imports import PhraseTmsImportsEndedTrigger

        self.defer(
            trigger=PhraseTmsImportsEndedTrigger(
                job_uids=running,
                earliest=time.time() + SHORT_WAIT,
                phrase_conn_id=self.phrase_conn_id,
                poke_interval=seconds_of(self.poll_interval),
                deadline=deadline,
                note={"assigned": assigned},
            ),
            method_name="execute_complete",
        )

    def _row(self, done: Assigned, assigned: int) -> AssignmentRow:
        from phrase_provider.services.tms.providers.assignment import Skipped

        skipped = done.skipped()
        # Those that this task assigned before it waited are assigned by now, too.
        already = skipped.pop(Skipped.ASSIGNED.value, 0) - (assigned - done.assigned)
        return {
            "projects": done.projects,
            "assigned": assigned,
            "already_assigned": max(0, already),
            "skipped": skipped,
        }
