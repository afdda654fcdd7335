"""The operator that brings Phrase to what the sources of a run are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.cancel_on_kill import CancelOnKillMixin
from phrase_provider.exceptions import PhraseKilledError
from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.services.tms.rows import SyncRow
    from phrase_provider.services.tms.sync.results import SyncResults
    from phrase_provider.services.tms.sync.source_sync import SourceSync, SyncOptions
    from phrase_provider.services.tms.updates.quiet_periods import QuietPeriod


class PhraseTmsSyncSourcesOperator(CancelOnKillMixin, PhraseTmsOperator):
    """
    Creates, updates, clones and takes over what a list of changes names, each source for itself.

    New sources are uploaded, several at a time, within Phrase's limit of pending async requests. What is in
    Phrase already, by folder, file name, language and content, is not uploaded again: a retry, a cleared
    task and another run give the same jobs. Each result is written to the manifest as it comes, and all of
    them to the run's list of jobs, for the tasks after this one.

    A source that fails holds no other back. While the task has tries left and a failure can pass, it fails,
    and the next try goes on with what is missing. Otherwise it succeeds if anything did: the rows of the
    others have the outcome ``failed``, for the report to name. It never defers: with
    ``max_active_tis_per_dag=1`` no two runs of a DAG upload side by side.

    A changed source is updated where its jobs are; jobs that are done are reopened for that, in all steps.
    One in more languages has its jobs cloned. One whose jobs are deleted or in an archived project gets new
    ones.

    Sends ``GET /api2/v2/projects/{projectUid}/jobs``; ``POST …/jobs`` for each new source and ``POST
    …/jobs/source`` for each changed one, with all its languages; ``POST …/targetLangs`` and ``POST
    …/jobs/clone`` for languages; and ``PATCH /api2/v3/jobs`` for jobs that are reopened or cancelled.
    Returns ``{jobs, created, updated, cloned, adopted, deleted, failed}``: the path of the list, and the
    number of its rows by outcome.

    :param changes: path of the list of changes (templated).
    :param jobs: path of the run's list of jobs, which is written (templated).
    :param manifest: path of the manifest (templated).
    :param project_uid: uid of the project in which jobs are created; may be left out where nothing is new
        (templated).
    :param on_change: what is done about changed sources: ``update`` their jobs, create a ``new_job`` in the
        place of each, whose unfinished old one is cancelled, or ``fail`` (templated).
    :param on_delete: what is done about sources that are gone: ``report`` them, ``cancel`` their open jobs,
        or ``remove`` their targets, too (templated).
    :param quiet_minutes: with ``update``: for so long nobody must have confirmed a word of a file that is
        being translated; until then its old content stays (templated).
    :param quiet_at_most: minutes after which it is updated all the same (templated).
    :param email_template_id: with ``update``: mail the providers by this template of the organization
        (templated).
    :param use_project_import_settings: import as the project's template says; Phrase's own default is not to.
    :param import_settings_uid: other import settings (templated).
    :param due: ISO 8601 date or time of new jobs (templated).
    :param pre_translate: pre-translate after the import (templated).
    :param cancel_on_kill: as in :class:`~phrase_provider.operators.tms.jobs.PhraseTmsCreateJobsOperator`, of
        the jobs that are new.
    :raises PhraseInputError: an argument or a list cannot be used, or there is no project; nothing was sent.
    :raises PhraseUploadsFailedError: several sources failed, for different reasons; or the error of the only
        one that did.
    :raises PhraseKilledError: it was killed.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "changes",
        "jobs",
        "manifest",
        "project_uid",
        "on_change",
        "on_delete",
        "quiet_minutes",
        "quiet_at_most",
        "email_template_id",
        "import_settings_uid",
        "due",
        "pre_translate",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        changes: str,
        jobs: str,
        manifest: str,
        project_uid: str | None = None,
        on_change: str = "update",
        on_delete: str = "report",
        quiet_minutes: float | str | None = None,
        quiet_at_most: float | str | None = None,
        email_template_id: str | None = None,
        use_project_import_settings: bool = True,
        import_settings_uid: str | None = None,
        due: str | None = None,
        pre_translate: bool | str = False,
        cancel_on_kill: bool = False,
        **kwargs: Any,
    ) -> None:
        # So that ``task.output["jobs"]`` works.
        super().__init__(**{"multiple_outputs": True, **kwargs})
        self.changes = changes
        self.jobs = jobs
        self.manifest = manifest
        self.project_uid = project_uid or ""
        self.on_change = on_change
        self.on_delete = on_delete
        self.quiet_minutes = quiet_minutes
        self.quiet_at_most = quiet_at_most
        self.email_template_id = email_template_id
        self.use_project_import_settings = use_project_import_settings
        self.import_settings_uid = import_settings_uid
        self.due = due
        self.pre_translate = pre_translate
        self.cancel_on_kill = cancel_on_kill
        self._sync: SourceSync | None = None
        self._killed = False

    def execute(self, context: Context) -> SyncRow:
        """Do what the list of changes says."""
        from phrase_provider.services.tms.job_list import JobList

        self._sync = self._make_sync(context)
        if self.project_uid:
            self.push_links(context, project_uid=self.project_uid)
        self._end_if_killed()
        results = self._sync.run(self.project_uid or None)
        self._end_if_killed()
        job_list = JobList(self.jobs)
        job_list.write(results.rows)
        self._require_success(results, context)
        return results.summary(job_list.location)

    def job_uids_to_cancel(self) -> list[str]:
        """Return the uids of the jobs that this task has created or found so far."""
        return self._sync.created_job_uids() if self._sync else []

    def on_kill(self) -> None:
        """Send nothing new, and cancel the new jobs of this task if that was asked for."""
        self._killed = True
        if self._sync:
            self._sync.stop()
        super().on_kill()

    def _end_if_killed(self) -> None:
        if self._killed:
            # The uploads that were under way have jobs now, too.
            super().on_kill()
            raise PhraseKilledError(
                "The task was killed while it synchronized sources",
                hint="Clear it to go on; what is done is found again.",
            )

    def _make_sync(self, context: Context) -> SourceSync:
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.manifest.manifest import Manifest
        from phrase_provider.manifest.runs import run_name
        from phrase_provider.services.tms.changes.source_changes import ChangeList
        from phrase_provider.services.tms.sync.source_sync import SourceSync

        ti = context["ti"]
        return SourceSync(
            self.client,
            ChangeList(self.changes).read(),
            Manifest(self.manifest),
            run_name(ti.dag_id, ti.run_id),
            self._options(),
            Ledger.of(context),
            self.log,
        )

    def _options(self) -> SyncOptions:
        from phrase_provider.api.dates import to_phrase_time
        from phrase_provider.flags import is_true
        from phrase_provider.services.tms.changes.source_changes import require_on_delete
        from phrase_provider.services.tms.job_upload import JobOptions
        from phrase_provider.services.tms.sync.source_sync import SyncOptions
        from phrase_provider.services.tms.updates.on_change import OnChange, require_on_change
        from phrase_provider.services.tms.updates.source_updates import UpdateOptions

        jobs = JobOptions(
            use_project_import_settings=self.use_project_import_settings,
            import_settings_uid=self.import_settings_uid,
            due=to_phrase_time(self.due) if self.due else None,
            pre_translate=is_true(self.pre_translate, "pre_translate"),
        )
        updates = UpdateOptions(
            pre_translate=jobs.pre_translate,
            email_template_id=self.email_template_id or None,
            quiet=self._quiet_period(),
        )
        on_change = require_on_change(self.on_change, OnChange.UPDATE)
        return SyncOptions(jobs, updates, on_change, require_on_delete(self.on_delete))

    def _quiet_period(self) -> QuietPeriod | None:
        from phrase_provider.services.tms.updates.quiet_periods import QuietPeriod

        # A template gives text.
        minutes, at_most = float(self.quiet_minutes or 0), float(self.quiet_at_most or 0)
        return QuietPeriod(minutes, at_most or None) if minutes > 0 else None

    def _require_success(self, results: SyncResults, context: Context) -> None:
        """
        Raise what failed while another try may help, or nothing succeeded.

        A task that raises stops those after it, which can go on with the rest.
        """
        from phrase_provider.retry_policy import has_tries_left

        error = results.error()
        if error is None:
            return
        if (error.can_pass and has_tries_left(context)) or not results.any_succeeded():
            raise error
        self.log.error("The run goes on without what failed; its report names it. %s", error)
