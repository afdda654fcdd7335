"""Operators that create jobs from source files, and set the status of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from phrase_provider.cancel_on_kill import CancelOnKillMixin
from phrase_provider.exceptions import PhraseKilledError
from phrase_provider.links import PhraseTmsJobLink, PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsCreateOperator, PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.api.tms.job_status import JobStatus
    from phrase_provider.api.tms.models import JobPart
    from phrase_provider.files.plan_items import PlanItem
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.job_uids import JobUids
    from phrase_provider.services.tms.job_upload import JobOptions
    from phrase_provider.services.tms.jobs import JobRow
    from phrase_provider.services.tms.rows import DeliveryRow


class PhraseTmsCreateJobsOperator(CancelOnKillMixin, PhraseTmsCreateOperator):
    """
    Uploads source files into a project, once each: words are charged at upload, for each language.

    A job that is already there, found by folder, file name and language, is not uploaded again: a
    retry, a cleared task and another run give the same jobs. If its source differs from the file,
    ``on_change`` says what is done; by default the task fails and says what can be done. Of two runs that
    upload the same file at the same moment both use the earlier jobs, and the later one removes its own,
    which are charged all the same. With ``on_clear="new"`` a cleared task uploads again (Airflow 3.3 and
    newer).

    One task takes all files of a plan. Everything is checked before the first upload, and nothing new is
    sent where a file is refused. A file that fails later does not lose the others: all are tried, then
    the task fails and names those that failed, and a retry goes on with these alone. Until then the rows
    of the others are its XCom, for tasks whose ``trigger_rule`` takes them. It never defers: with
    ``max_active_tis_per_dag=1`` no two runs of a DAG upload side by side.

    Sends ``GET /api2/v2/projects/{projectUid}/jobs`` for all files, and ``POST
    /api2/v1/projects/{projectUid}/jobs`` for each file, with all its missing languages. Returns a
    list of ``{project_uid, job_uid, target_lang, source, relative_path}`` (and ``target_path`` where a
    plan named it): the job part of the highest workflow level for each file and language.

    :param project_uid: uid (templated).
    :param source: local path, ``ObjectStoragePath`` URL or glob; several of them; or what
        :class:`~phrase_provider.operators.plan.PhrasePlanOperator` returned, or items of it (templated).
    :param target_langs: in any usual form; default: all of the project's (templated).
    :param base: folder from which relative folders are counted; Phrase shows them (templated).
    :param exclude: globs of files to leave out, or a text with one for each line, as in
        :class:`~phrase_provider.operators.plan.PhrasePlanOperator`; of what is given by path or glob
        (templated).
    :param skip_empty: leave out empty files, which are refused otherwise; the same (templated).
    :param use_project_import_settings: import as the project's template says; Phrase's own default
        is not to.
    :param import_settings_uid: other import settings (templated).
    :param due: ISO 8601 date or time (templated).
    :param pre_translate: pre-translate after the import (templated).
    :param on_change: what is done about a file that has changed since it was uploaded: ``fail`` and name
        it; ``update`` the source of its jobs, which are reopened if they are done (Airflow 3.3 and newer); or
        give it a ``new_job`` for each language, and cancel the former jobs where they are not done
        (templated).
    :param on_clear: see :class:`~phrase_provider.operators.tms.base.PhraseTmsCreateOperator`.
    :param cancel_on_kill: cancel the jobs that this task has created or found so far, in all their
        workflow steps, when it is killed, also by the end of the worker or a timeout; never those
        completed, delivered or cancelled already.
    :raises PhraseKilledError: it was killed; the other files are not uploaded.
    :raises PhraseInputError: a source or language cannot be used; nothing was sent.
    :raises PhrasePlanLimitError: planned files have changed, and exceed the plan's limit of words now.
    :raises PhraseUnsupportedFileError: Phrase does not know the file type.
    :raises PhraseSourceChangedError: the file was uploaded before with another content, or its jobs could not
        be updated.
    :raises PhraseLedgerError: a job that this task created in an earlier try was deleted.
    :raises PhraseUploadsFailedError: several files failed, for different reasons.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "project_uid",
        "source",
        "target_langs",
        "base",
        "exclude",
        "skip_empty",
        "import_settings_uid",
        "due",
        "pre_translate",
        "on_change",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        project_uid: str,
        source: str | Mapping[str, object] | Sequence[str | Mapping[str, object]],
        target_langs: str | Sequence[str] | None = None,
        base: str | None = None,
        exclude: str | Sequence[str] | None = None,
        skip_empty: bool | str = False,
        use_project_import_settings: bool = True,
        import_settings_uid: str | None = None,
        due: str | None = None,
        pre_translate: bool | str = False,
        on_change: str = "fail",
        cancel_on_kill: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_uid = project_uid
        self.source = source
        self.target_langs = target_langs
        self.base = base
        self.exclude = exclude
        self.skip_empty = skip_empty
        self.use_project_import_settings = use_project_import_settings
        self.import_settings_uid = import_settings_uid
        self.due = due
        self.pre_translate = pre_translate
        self.on_change = on_change
        self.cancel_on_kill = cancel_on_kill
        self._created: list[JobRow] = []
        self._killed = False

    def execute(self, context: Context) -> list[JobRow]:
        """Create the jobs, or find them."""
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.services.tms.jobs import JobCreator
        from phrase_provider.services.tms.updates.on_change import OnChange, require_on_change
        from phrase_provider.services.tms.uploads import Uploads

        # dag.test() runs one task object again and again.
        self._created = []
        sources, ledger = self._sources(), Ledger.of(context)
        project = self.client.projects.get(self.project_uid)
        creator = JobCreator(
            self.client,
            project,
            self._options(),
            ledger,
            self.log,
            recreate_key=self.recreate_key(ledger),
            base_is_given=bool(self.base) or any("base" in item for item in self._planned_items()),
            on_change=require_on_change(self.on_change, OnChange.FAIL),
        )
        languages = creator.require_languages(self.target_langs)
        self.push_links(context, project_uid=self.project_uid)
        uploads = Uploads(creator, sources, languages, self.log)
        uploads.check()
        creator.put_back_abandoned()
        for source in sources:
            self._end_if_killed()
            self._created += uploads.create(source)
        self._end_if_killed()
        rows = [self._with_target(job) for job in self._created]
        if error := uploads.error():
            if rows:
                # A failed task has no return value; the files that are there go on.
                context["ti"].xcom_push(key="return_value", value=rows)
            raise error
        return rows

    def job_uids_to_cancel(self) -> list[str]:
        """Return the uids of the jobs that this task has created or found so far."""
        return [job["job_uid"] for job in self._created]

    def on_kill(self) -> None:
        """Upload no further file, and cancel the jobs of this task if that was asked for."""
        self._killed = True
        super().on_kill()

    def _end_if_killed(self) -> None:
        if self._killed:
            # The upload that was under way has a job now, too.
            super().on_kill()
            raise PhraseKilledError(
                "The task was killed while it uploaded files",
                hint="Clear it to go on; what is uploaded is found again.",
            )

    def _with_target(self, job: JobRow) -> JobRow:
        """Return the row with its target path, where the source came from a plan."""
        for item in self._planned_items():
            if item["path"] == job["source"]:
                return {**job, "target_path": item.get("targets", {}).get(job["target_lang"])}
        return job

    def _planned_items(self) -> list[PlanItem]:
        items = [self.source] if isinstance(self.source, Mapping) else self.source
        return [cast("PlanItem", item) for item in items if isinstance(item, Mapping)]

    def _sources(self) -> list[SourceFile]:
        from phrase_provider.files.plan_items import require_words_within_limit
        from phrase_provider.files.sources import resolve_sources
        from phrase_provider.flags import is_true

        sources = resolve_sources(
            self.source,
            base=self.base or None,
            exclude=self.exclude,
            skip_empty=is_true(self.skip_empty, "skip_empty"),
        )
        require_words_within_limit(self._planned_items(), sources)
        return sources

    def _options(self) -> JobOptions:
        from phrase_provider.api.dates import to_phrase_time
        from phrase_provider.flags import is_true
        from phrase_provider.services.tms.job_upload import JobOptions

        return JobOptions(
            use_project_import_settings=self.use_project_import_settings,
            import_settings_uid=self.import_settings_uid,
            due=to_phrase_time(self.due) if self.due else None,
            pre_translate=is_true(self.pre_translate, "pre_translate"),
        )


class PhraseTmsSetJobStatusOperator(PhraseTmsOperator):
    """
    Moves jobs to a status, once; those that are there already are left alone.

    A retried or cleared task moves no job that it has moved before, with one exception: a job that was
    sent back after it was delivered, and completed again, is delivered again, without a second mail. One
    whose source was updated since is another delivery, with a mail.

    Sends ``POST …/jobs/{jobUid}/setStatus`` for each. Returns ``{project_uid, job_uids, status, at}``,
    the last the ISO 8601 time of the last move; of a job list ``job_uids`` has the path.

    :param project_uid: uid (templated).
    :param job_uids: uid or uids of job parts, rows that created them, or the path of a job list, of which
        the project's jobs count; a split part stands for all parts of its job (templated).
    :param status: the new status (templated).
    :param notify_owner: mail the owners of project and job.
    :param propagate_status: move the neighbouring workflow steps, and mail their providers (templated).
    :param force: set ``DELIVERED`` also on a job that is not ``COMPLETED``; otherwise a job that was
        sent back meanwhile is not delivered.
    :raises PhraseInputError: no such status, or no job.
    :raises PhraseJobStatusError: a job to deliver is not completed; none was moved.
    :raises PhraseJobNotReadyError: a job is not imported yet.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "project_uid",
        "job_uids",
        "status",
        "propagate_status",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(), PhraseTmsJobLink())

    def __init__(
        self,
        *,
        project_uid: str,
        job_uids: JobUids,
        status: str = "DELIVERED",
        notify_owner: bool = False,
        propagate_status: bool | str = False,
        force: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_uid = project_uid
        self.job_uids = job_uids
        self.status = status
        self.notify_owner = notify_owner
        self.propagate_status = propagate_status
        self.force = force

    def execute(self, context: Context) -> DeliveryRow:
        """Set the status of each job that has another."""
        from phrase_provider.api.tms.job_status import parse_status
        from phrase_provider.flags import is_true
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.services.tms.job_uids import is_location, job_uids_of
        from phrase_provider.services.tms.status_moves import StatusMover

        status = parse_status(self.status)
        propagate = is_true(self.propagate_status, "propagate_status")
        uids = job_uids_of(self.job_uids, self.project_uid)
        self.push_links(context, project_uid=self.project_uid, job_uid=uids[0] if len(uids) == 1 else None)
        parts = self.client.jobs.get_many(self.project_uid, uids, with_split_parts=True)
        self._require_deliverable(parts, status)
        mover = StatusMover(
            self.client,
            Ledger.of(context),
            status,
            self.log,
            notify_owner=self.notify_owner,
            propagate_status=propagate,
        )
        revisions = self._revisions(parts) if self.notify_owner or propagate else {}
        set_at = [
            mover.move(self.project_uid, part["uid"], part["status"], revisions.get(part["uid"], ""))
            for part in parts
        ]
        told = [str(self.job_uids)] if is_location(self.job_uids) else uids
        return {"project_uid": self.project_uid, "job_uids": told, "status": status.value, "at": max(set_at)}

    def _revisions(self, parts: Sequence[JobPart]) -> dict[str, str]:
        """Return when the sources of jobs were updated, by uid: a new source makes another delivery."""
        from phrase_provider.api.tms.job_parts import source_updated_at

        found = self.client.jobs.search(self.project_uid, [part["uid"] for part in parts])
        return {part["uid"]: source_updated_at(part) or "" for part in found}

    def _require_deliverable(self, parts: Sequence[JobPart], status: JobStatus) -> None:
        from phrase_provider.api.tms.job_status import JobStatus, meets
        from phrase_provider.exceptions import PhraseJobStatusError

        open_parts = [part for part in parts if not meets(part["status"], JobStatus.COMPLETED)]
        if status is JobStatus.DELIVERED and open_parts and not self.force:
            statuses = ", ".join(f"{part['uid']} is {part['status']}" for part in open_parts)
            raise PhraseJobStatusError(
                f"Not every job to deliver is completed: {statuses}",
                hint="It was sent back or cancelled meanwhile. Wait and export it again, or set force.",
            )
