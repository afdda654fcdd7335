"""The operator that takes any number of targets home, each as soon as it is ready."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import conf

from phrase_provider.config import HUMAN_POKE_INTERVAL, MACHINE_POKE_INTERVAL, number
from phrase_provider.links import PhraseProgressLink, PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator, seconds_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.services.tms.job_uids import JobUids
    from phrase_provider.services.tms.lane.deliveries import StatusSetter
    from phrase_provider.services.tms.lane.lane import TargetLane
    from phrase_provider.services.tms.lane.results import LaneResult
    from phrase_provider.services.tms.lane.targets import Target
    from phrase_provider.waiting.tms.ready_jobs import JobsReadyLimits, WatchedProject

#: Tries beside the first one: a task that was deferred is now and then failed by Airflow itself.
RETRIES = 10
#: Seconds after which everything is looked at again while an import is running: at first, and at most.
_RECHECK, _LONGEST_RECHECK = 120.0, 1800.0


class PhraseTmsTranslateOperator(PhraseTmsOperator):
    """
    Takes the targets of many jobs home: waits for any of them, exports, writes and delivers it.

    One task for any number of files and languages. Deferred, it holds a worker only while files move: the
    triggerer counts the jobs of each project with two requests a look, however many there are, and wakes the
    task when 100 are ready, when the first has been ready for five minutes, or when none is open any more.
    A late language holds no other back. Work that was sent back is waited for and never delivered meanwhile;
    a cancelled job, a deleted one and a failed import end alone. Deferred or not, the result is the same.

    What is delivered is recorded in the manifest, about 100 targets at a time. A task that is killed,
    retried or cleared goes on by it: a target is done if the manifest has its file, made from the source
    that the job has, and Phrase calls the job ``DELIVERED``. One that Phrase calls so and the manifest does
    not have is exported without another status. Targets that a newer run has are left to it.

    While there are tries left, the task fails for what may pass, and the next try goes on with that alone.
    The last try succeeds if any file was delivered:
    :class:`~phrase_provider.operators.tms.run_report.PhraseTmsRunReportOperator` names the others.

    Sends, for each target, ``PUT …/targetFile``, ``GET /api2/v1/async/{asyncRequestId}`` and ``GET
    …/downloadTargetFile/{asyncRequestId}``; for many together ``GET /api2/v2/projects/{projectUid}/jobs``,
    ``GET /api2/v1/async/status``, ``GET /api2/v1/async``, ``POST …/jobs/search`` and ``PATCH
    /api2/v3/jobs``. With ``notify_owner`` or ``propagate_status``, ``POST …/setStatus`` for each target
    takes the place of the latter. Returns ``{targets, delivered, failed, ended, taken_over, progress}``,
    numbers and the path of the progress file.

    :param jobs: path of a run's job list, or rows with a ``target_path`` that created the jobs; of any
        number of projects (templated).
    :param manifest: local path or URL of the manifest; default: a file beside the job list, of the same form
        (templated).
    :param run: name of the run in the manifest; default: of the DAG run (templated).
    :param progress_path: where a JSON file with the progress is written; default: beside the job list, else
        in the run's folder beside the manifest (templated).
    :param notify_owner: mail the owners of project and job at each delivery.
    :param propagate_status: move the neighbouring workflow steps, and mail their providers (templated).
    :param deferrable: wait in the triggerer; default: ``[operators] default_deferrable``.
    :param poll_interval: longest time between looks at the jobs, in seconds; default: ``[phrase]
        human_poke_interval``.
    :param export_interval: longest time between looks at exports, in seconds; default: ``[phrase]
        machine_poke_interval``.
    :param timeout: longest wait, in seconds; default: until 14 days after the last due date of the open
        jobs, also when people move it meanwhile, and 60 days for a job without. What is open then, has
        failed.
    :param batch_size: ready jobs that wake the task, and targets that are delivered and recorded together.
    :param max_hold: seconds that a ready job waits for others.
    :param min_wait: seconds that the task stays deferred at least: Airflow may fail one that is woken sooner.
    :param attempts: exports of one target at most in one try.
    :param retries: tries beside the first one.
    :raises PhraseInputError: a row has no target, or there is neither a job list nor a manifest.
    :raises PhraseNotDeliveredError: targets failed and may not the next time; or nothing was delivered.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "jobs",
        "manifest",
        "run",
        "progress_path",
        "propagate_status",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(), PhraseProgressLink())

    def __init__(
        self,
        *,
        jobs: JobUids,
        manifest: str | None = None,
        run: str | None = None,
        progress_path: str | None = None,
        notify_owner: bool = False,
        propagate_status: bool | str = False,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: timedelta | float | None = None,
        export_interval: timedelta | float | None = None,
        timeout: timedelta | float | None = None,
        batch_size: int = 100,
        max_hold: timedelta | float = 300,
        min_wait: timedelta | float = 30,
        attempts: int = 3,
        retries: int = RETRIES,
        **kwargs: Any,
    ) -> None:
        super().__init__(retries=retries, **kwargs)
        self.jobs = jobs
        self.manifest = manifest
        self.run = run
        self.progress_path = progress_path
        self.notify_owner = notify_owner
        self.propagate_status = propagate_status
        self.deferrable = deferrable
        self.poll_interval = number(HUMAN_POKE_INTERVAL) if poll_interval is None else poll_interval
        self.export_interval = number(MACHINE_POKE_INTERVAL) if export_interval is None else export_interval
        self.timeout = timeout
        self.batch_size = batch_size
        self.max_hold = max_hold
        self.min_wait = min_wait
        self.attempts = attempts

    def execute(self, context: Context) -> LaneResult:
        """Take home what is ready, and wait for the rest."""
        return self._work(context, _Leg(started=time.time()))

    def execute_complete(self, context: Context, event: object = None) -> LaneResult:
        """
        Take home what is ready now, and wait for the rest.

        :param event: see :mod:`phrase_provider.triggers.events`; carries when the wait began.
        """
        return self._work(context, _leg_after(event))

    def _work(self, context: Context, leg: _Leg) -> LaneResult:
        lane = self._lane(context, leg)
        while True:
            lane.work(leg.watched)
            if leg.watched is None:
                leg = replace(leg, deadline=self._deadline(leg, lane))
            if leg.is_late and time.time() >= leg.deadline:
                lane.give_up(leg.deadline)
            if lane.is_settled:
                return self._finish(context, lane)
            self._report(lane, context, datetime.now(UTC) + timedelta(seconds=seconds_of(self.poll_interval)))
            leg = self._wait(lane, leg)

    def _lane(self, context: Context, leg: _Leg) -> TargetLane:
        """Return the lane, made from what the task is given and from the manifest."""
        from phrase_provider.manifest.manifest import Manifest
        from phrase_provider.services.tms.job_uids import job_rows_of
        from phrase_provider.services.tms.lane.lane import LaneOptions, TargetLane
        from phrase_provider.services.tms.lane.records import LaneRecords
        from phrase_provider.services.tms.lane.targets import targets_of

        targets = targets_of(job_rows_of(self.jobs))
        self._push_links(context, targets)
        tried = datetime.fromtimestamp(leg.started, UTC)
        records = LaneRecords(
            Manifest(self._manifest()),
            self._run(context),
            targets,
            begun=context["dag_run"].start_date or tried,
            tried=tried,
        )
        return TargetLane(
            self.client,
            targets,
            records,
            self._setter(context),
            self.log,
            LaneOptions(self.batch_size, self.attempts, seconds_of(self.export_interval)),
            report=lambda lane: self._report(lane, context, datetime.now(UTC)),
        )

    def _setter(self, context: Context) -> StatusSetter:
        from phrase_provider.api.tms.job_status import JobStatus
        from phrase_provider.flags import is_true
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.services.tms.lane.deliveries import BatchStatusSetter, SingleStatusSetter
        from phrase_provider.services.tms.status_moves import StatusMover

        propagate = is_true(self.propagate_status, "propagate_status")
        if not (self.notify_owner or propagate):
            return BatchStatusSetter(self.client)
        mover = StatusMover(
            self.client,
            Ledger.of(context),
            JobStatus.DELIVERED,
            self.log,
            notify_owner=self.notify_owner,
            propagate_status=propagate,
        )
        return SingleStatusSetter(mover)

    def _wait(self, lane: TargetLane, leg: _Leg) -> _Leg:
        """Wait until enough is ready, here or deferred; return where to go on."""
        from phrase_provider.exceptions import PhraseNotFoundError, PhraseTimeoutError
        from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
        from phrase_provider.waiting.tms.ready_jobs import JobsReady, watched_in

        recheck = leg.next_recheck() if lane.must_look_again else None
        limits: JobsReadyLimits = {
            "projects": lane.watched(),
            "enough": self.batch_size,
            "max_hold": seconds_of(self.max_hold),
            "latest": None if recheck is None else time.time() + recheck,
        }
        if self.deferrable:
            self._defer(limits, leg, recheck)
        after = replace(leg, watched=None, recheck=recheck, is_late=False)
        interval, deadline = seconds_of(self.poll_interval), leg.deadline
        wait = BlockingWait(
            JobsReady(**limits), self.client, self.log, max_interval=interval, deadline=deadline
        )
        try:
            result = wait_for(wait)
        except PhraseTimeoutError:
            return replace(after, is_late=True)
        except PhraseNotFoundError:
            return after
        return replace(after, watched=None if recheck else watched_in(result))

    def _defer(self, limits: JobsReadyLimits, leg: _Leg, recheck: float | None) -> NoReturn:
        from phrase_provider.triggers.tms.ready_jobs import PhraseTmsJobsReadyTrigger

        trigger = PhraseTmsJobsReadyTrigger(
            **limits,
            earliest=time.time() + seconds_of(self.min_wait),
            phrase_conn_id=self.phrase_conn_id,
            poke_interval=seconds_of(self.poll_interval),
            deadline=leg.deadline,
            note={"started": leg.started, "recheck": recheck},
        )
        self.defer(trigger=trigger, method_name="execute_complete")

    def _deadline(self, leg: _Leg, lane: TargetLane) -> float:
        from phrase_provider.waiting.deadlines import deadline_of

        if self.timeout is None:
            deadline = deadline_of(lane.due_dates, leg.started)
        else:
            deadline = leg.started + seconds_of(self.timeout)
        # Airflow does not enforce the execution timeout while a task is deferred.
        allowed = self.execution_timeout.total_seconds() if self.execution_timeout else float("inf")
        return min(deadline, leg.started + allowed)

    def _finish(self, context: Context, lane: TargetLane) -> LaneResult:
        from phrase_provider.retry_policy import has_tries_left
        from phrase_provider.services.tms.lane.results import error_of, result_of

        self._report(lane, context, None)
        if error := error_of(lane.targets, has_tries_left=has_tries_left(context)):
            raise error
        return result_of(lane.targets, self._progress(context))

    def _report(self, lane: TargetLane, context: Context, next_look: datetime | None) -> None:
        """Write the progress for people: a line in the log, and a file."""
        from phrase_provider.services.tms.lane.progress import progress_of, write_progress

        progress = progress_of(lane.targets, overdue=lane.overdue, next_look=next_look)
        (self.log.warning if progress["rework"] else self.log.info)("%s", progress["line"])
        write_progress(self._progress(context), progress)

    def _push_links(self, context: Context, targets: Sequence[Target]) -> None:
        projects = {target.project_uid for target in targets}
        if len(projects) == 1:
            self.push_links(context, project_uid=projects.pop())
        self.push_progress_link(context, self._progress(context))

    def _run(self, context: Context) -> str:
        from phrase_provider.manifest.runs import run_name

        ti = context["ti"]
        return self.run or run_name(ti.dag_id, ti.run_id)

    def _manifest(self) -> str:
        """
        Return where is recorded what was written.

        :raises PhraseInputError: that is nowhere.
        """
        from phrase_provider.exceptions import PhraseInputError
        from phrase_provider.services.tms.job_uids import is_location

        if self.manifest:
            return self.manifest
        if is_location(self.jobs):
            return f"{self.jobs}.written"
        raise PhraseInputError(
            "There is no place to record what was written",
            hint="Give a manifest, or the jobs as the path of a job list.",
        )

    def _progress(self, context: Context) -> str:
        from phrase_provider.files.storage import join
        from phrase_provider.manifest.runs import run_folder
        from phrase_provider.services.tms.job_uids import is_location

        if self.progress_path:
            return self.progress_path
        if is_location(self.jobs):
            return f"{str(self.jobs).removesuffix('.jsonl')}.progress.json"
        return join(run_folder(self._manifest(), self._run(context)), f"{self.task_id}.progress.json")


@dataclass(frozen=True)
class _Leg:
    """
    One stretch of work between two waits.

    :param started: when the try began, in epoch seconds.
    :param watched: the projects of the wait before; None: everything has to be looked at.
    :param deadline: of the whole wait, in epoch seconds.
    :param is_late: whether the wait before ended at its deadline.
    :param recheck: seconds that it lasted at most, because something will be ready without a sign.
    """

    started: float
    watched: list[WatchedProject] | None = None
    deadline: float = float("inf")
    is_late: bool = False
    recheck: float | None = None

    def next_recheck(self) -> float:
        """Return how long the next wait lasts at most, in seconds."""
        return min(2 * self.recheck, _LONGEST_RECHECK) if self.recheck else _RECHECK


def _leg_after(event: object) -> _Leg:
    """
    Return where to go on after a deferred wait.

    :raises PhraseError: the wait failed.
    """
    from phrase_provider.exceptions import PhraseNotFoundError, PhraseTimeoutError
    from phrase_provider.triggers.events import deadline_of, noted_number, result_of
    from phrase_provider.waiting.tms.ready_jobs import watched_in

    leg = _Leg(
        started=noted_number(event, "started") or time.time(),
        deadline=deadline_of(event) or float("inf"),
        recheck=noted_number(event, "recheck"),
    )
    try:
        result = result_of(event)
    except PhraseTimeoutError:
        return replace(leg, is_late=True)
    except PhraseNotFoundError:
        # A project is gone: the look tells what of it.
        return leg
    # Without its deadline the event is not the trigger's own.
    known = leg.recheck is None and leg.deadline != float("inf")
    return replace(leg, watched=watched_in(result) if known else None)
