"""Changed files: the jobs of each get its new source where they are, with an answer for each language."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import source_updated_at
from phrase_provider.api.tms.projects import keeps_later_steps, workflow_levels
from phrase_provider.exceptions import PhraseError
from phrase_provider.services.tms.updates.broken_off_updates import end_abandoned
from phrase_provider.services.tms.updates.quiet_periods import held_until
from phrase_provider.services.tms.updates.source_jobs import SourceJobs, read_parts
from phrase_provider.services.tms.updates.source_update import SourceUpdate
from phrase_provider.services.tms.updates.source_update_context import UpdateContext
from phrase_provider.services.tms.updates.source_update_notes import UpdateNotes, UpdateState, note_key
from phrase_provider.services.tms.updates.source_update_rules import Verdict, is_worked_on, judge
from phrase_provider.services.tms.updates.update_results import UpdateOutcome, results_of, update_result
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.job_statuses import JobReference
    from phrase_provider.services.tms.records import Records
    from phrase_provider.services.tms.updates.quiet_periods import QuietPeriod
    from phrase_provider.services.tms.updates.source_jobs import SourceJob
    from phrase_provider.services.tms.updates.update_results import UpdateResult
    from phrase_provider.waiting.conditions import Logger

_OUTCOMES = {
    Verdict.LEAVE_OUT: UpdateOutcome.LEFT_OUT,
    Verdict.UNFIT: UpdateOutcome.REFUSED,
    Verdict.MISSING: UpdateOutcome.NEEDS_JOB,
}


@dataclass(frozen=True, slots=True)
class ChangedSource:
    """
    A file that has changed since its jobs got their source.

    :param source: the file.
    :param sha256: of its content now.
    :param jobs: by Phrase code: the part of the highest workflow level.
    """

    source: SourceFile
    sha256: str
    jobs: Mapping[str, JobReference]


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    """
    What is the same for all updates of a task.

    :param pre_translate: pre-translate after the import, with the project's settings.
    :param post_analysis: whether Phrase analyses the change; None: as the project says.
    :param email_template_id: mail the providers of what was updated, by this template; None: nobody.
    :param quiet: wait until nobody translates the file; None: at once.
    """

    pre_translate: bool = False
    post_analysis: bool | None = None
    email_template_id: str | None = None
    quiet: QuietPeriod | None = None


@dataclass(frozen=True, slots=True)
class StartedUpdate:
    """
    The update of a file, under way.

    :param changed: the file.
    :param results: of the languages that are not updated.
    :param under_way: one for each project, with its jobs.
    """

    changed: ChangedSource
    results: list[UpdateResult] = field(default_factory=list)
    under_way: list[tuple[SourceUpdate, Sequence[SourceJob]]] = field(default_factory=list)


class SourceUpdates:
    """
    Updates changed files in Phrase, each with one ``POST …/jobs/source`` for all its languages.

    Start several, then finish them: Phrase imports them side by side.

    :param client: of the connection.
    :param records: kept where later tries find them; those of a folder are found by other runs, too.
    :param log: gets lines on what is updated and what is not.
    :param options: the same for all files.
    """

    def __init__(
        self, client: TmsClient, records: Records, log: Logger, options: UpdateOptions | None = None
    ) -> None:
        self._client = client
        self._records = records
        self._log = log
        self._options = options or UpdateOptions()
        self._notes = UpdateNotes(records)
        self._context = UpdateContext(
            client,
            self._notes,
            log,
            pre_translate=self._options.pre_translate,
            post_analysis=self._options.post_analysis,
        )
        self._project = cache(self._read_project)

    def update(self, changed: ChangedSource) -> list[UpdateResult]:
        """
        Bring a new source to the jobs of a file, and wait until Phrase has imported it.

        :param changed: the file.
        :return: one for each language.
        """
        return self.finish(self.start(changed))

    def start(self, changed: ChangedSource) -> StartedUpdate:
        """
        Check the rules of a file's jobs, reopen those that are done, and send the new source.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, ``PATCH /api2/v3/jobs``, ``POST …/jobs/source``.

        :param changed: the file.
        :return: for :meth:`finish`; what fails is in its results.
        """
        started = StartedUpdate(changed)
        for project_uid, job_uids in _by_project(changed.jobs).items():
            try:
                self._start_in_project(started, project_uid, job_uids)
            except PhraseError as error:
                self._fail(started, project_uid, job_uids, error)
        return started

    def finish(self, started: StartedUpdate) -> list[UpdateResult]:
        """
        Wait until Phrase has imported the new source of a file.

        Source: ``GET /api2/v1/async/{asyncRequestId}``, ``POST …/jobs/segmentsCount``, ``POST
        …/jobs/search``.

        :param started: from :meth:`start`.
        :return: one for each language.
        """
        for update, jobs in started.under_way:
            try:
                is_new = update.finish()
                done = self._updated(update, jobs)
            except PhraseError as error:
                uids = {job.target_lang: job.job_uid for job in jobs}
                self._fail(started, update.note.project_uid, uids, error)
                continue
            started.results.extend(done)
            self._report(started.changed, done)
            if is_new:
                self._notify(update)
        return started.results

    def settle(self, changed: ChangedSource) -> None:
        """
        Forget what was noted of an update, once its results are kept elsewhere.

        :param changed: the file.
        """
        for project_uid in _by_project(changed.jobs):
            note = self._notes.read(note_key(project_uid, changed.source.relative_path))
            if note and note.state is UpdateState.UPDATED:
                self._notes.remove(note.key)

    def put_back_abandoned(self, going_on: Container[str]) -> None:
        """
        Put back the statuses of jobs whose update was broken off and is not wanted any more.

        One that took effect nevertheless is noted as made: the next plan then finds that Phrase has another
        content than the file.

        :param going_on: relative paths of the files that have changed: their updates are taken up again.
        """
        for note in self._notes.list():
            if note.relative_path not in going_on and note.state is not UpdateState.UPDATED:
                self._log.info("The update of %s was broken off.", printable(note.relative_path))
                try:
                    end_abandoned(self._context, note)
                except PhraseError as error:
                    self._log.warning("It is looked at again by the next run. %s", error.brief())

    def _start_in_project(
        self, started: StartedUpdate, project_uid: str, job_uids: Mapping[str, str]
    ) -> None:
        changed, project = started.changed, self._project(project_uid)
        if project is None:
            reason = "Its project was deleted in Phrase."
            started.results.extend(results_of(project_uid, job_uids, UpdateOutcome.NEEDS_JOB, reason))
            return
        jobs = SourceJobs(self._client, project).find(changed.source.name, job_uids)
        fit = self._judged(started, project, jobs)
        if not fit or self._is_held(started, project_uid, fit):
            return
        update = SourceUpdate(self._context, project_uid, changed.source, changed.sha256, fit)
        try:
            update.begin()
        finally:
            for job in fit:
                if job.target_lang in update.refused:
                    reason = update.refused[job.target_lang]
                    self._leave(started, project_uid, job, UpdateOutcome.REFUSED, reason)
        started.under_way.append((update, [job for job in fit if job.target_lang not in update.refused]))

    def _judged(
        self, started: StartedUpdate, project: ProjectDtoV1, jobs: Iterable[SourceJob]
    ) -> list[SourceJob]:
        """Return the jobs that can be updated; the others get their results."""
        fit: list[SourceJob] = []
        for job in jobs:
            verdict, reason = judge(job, started.changed.source.name, archived=bool(project.get("archived")))
            if verdict is Verdict.UPDATE:
                fit.append(job)
            else:
                self._leave(started, project["uid"], job, _OUTCOMES[verdict], reason)
        return fit

    def _leave(
        self, started: StartedUpdate, project_uid: str, job: SourceJob, outcome: UpdateOutcome, reason: str
    ) -> None:
        path, error = printable(started.changed.source.relative_path), f"Job {job.job_uid} {reason}."
        self._log.warning("%s in %s is not updated. %s", path, job.target_lang, error)
        started.results.append(update_result(job.target_lang, project_uid, job.job_uid, outcome, error))

    def _is_held(self, started: StartedUpdate, project_uid: str, jobs: Sequence[SourceJob]) -> bool:
        """Return whether an update waits, because somebody is translating the file now."""
        quiet, path = self._options.quiet, started.changed.source.relative_path
        worked_on = [part["uid"] for job in jobs if is_worked_on(job) for part in job.parts]
        key = note_key(project_uid, path)
        if quiet is None or not worked_on or self._notes.read(key):
            return False
        until = held_until(self._client, project_uid, worked_on, quiet, self._records, f"quiet-{key}")
        if until is None:
            return False
        error = f"It is being translated, and is updated when that rests until {until:%Y-%m-%d %H:%M} UTC."
        self._log.info("%s is not updated yet. %s", printable(path), error)
        uids = {job.target_lang: job.job_uid for job in jobs}
        started.results.extend(results_of(project_uid, uids, UpdateOutcome.HELD, error, can_pass=True))
        return True

    def _updated(self, update: SourceUpdate, jobs: Sequence[SourceJob]) -> list[UpdateResult]:
        """Return the results of what was updated, with the statuses as they are after it."""
        note = update.note
        found = read_parts(self._client, note.project_uid, [job.job_uid for job in jobs])
        by_uid = {part["uid"]: part for part in found}
        results = []
        for job in jobs:
            of_job = job.target_lang, note.project_uid, job.job_uid
            if job.target_lang not in note.first_uids:
                error = "An earlier run has updated the other languages; the next one updates this one."
                results.append(update_result(*of_job, UpdateOutcome.FAILED, error, can_pass=True))
                continue
            result, part = update_result(*of_job, UpdateOutcome.UPDATED), by_uid.get(job.job_uid)
            result["sha256"] = note.sha256
            result["added_words"] = note.added_words.get(job.target_lang)
            result["status"] = part.get("status") if part else None
            result["updated_at"] = source_updated_at(part) if part else None
            results.append(result)
        return results

    def _fail(
        self, started: StartedUpdate, project_uid: str, job_uids: Mapping[str, str], error: PhraseError
    ) -> None:
        path = printable(started.changed.source.relative_path)
        self._log.warning("%s was not updated. %s", path, error.brief())
        told = {result["target_lang"] for result in started.results}
        left = {lang: uid for lang, uid in job_uids.items() if lang not in told}
        started.results.extend(
            results_of(project_uid, left, UpdateOutcome.FAILED, error.brief(), can_pass=error.can_pass)
        )

    def _report(self, changed: ChangedSource, results: Iterable[UpdateResult]) -> None:
        words = [
            f"{result['target_lang']} {'?' if result['added_words'] is None else result['added_words']}"
            for result in results
            if result["outcome"] is UpdateOutcome.UPDATED
        ]
        path = printable(changed.source.relative_path)
        self._log.info("Updated the source of %s; words added: %s.", path, ", ".join(words))

    def _notify(self, update: SourceUpdate) -> None:
        template = self._options.email_template_id
        if template is None:
            return
        uids = list(update.note.first_uids.values())
        try:
            self._client.notifications.send(update.note.project_uid, uids, template)
        except PhraseError as error:
            # The source is updated all the same, and no mail is sent twice.
            self._log.warning("The providers may not have been mailed. %s", error.brief())

    def _read_project(self, project_uid: str) -> ProjectDtoV1 | None:
        project = self._client.projects.find(project_uid)
        if project and len(workflow_levels(project)) > 1 and keeps_later_steps(project) is False:
            self._log.warning(
                "Project %s does not bring translations of later workflow steps to the earlier ones when a "
                "source is updated: what revisers have changed may have to be changed again. Switch that on "
                "in the project's settings (propagateTranslationsToLowerWfDuringUpdateSource).",
                project_uid,
            )
        return project


def _by_project(jobs: Mapping[str, JobReference]) -> dict[str, dict[str, str]]:
    """Return the uids of jobs by language, by project."""
    grouped: dict[str, dict[str, str]] = {}
    for lang, job in jobs.items():
        grouped.setdefault(job.project_uid, {})[lang] = job.job_uid
    return grouped
