"""The operator that reports what a run has delivered, what has failed and what is still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.files.plan_items import PlanItem
    from phrase_provider.services.tms.jobs import JobRow
    from phrase_provider.services.tms.outcomes import Outcomes
    from phrase_provider.services.tms.rows import DeliveryRow, ReportRow

DELIVERED = "DELIVERED"
#: Status of a planned target for which Phrase has no job.
NOT_CREATED = "NOT CREATED"
#: Status of a planned target whose file has changed since Phrase got it, so that it was not uploaded.
NOT_UPDATED = "NOT UPDATED"
#: Status of a job that Phrase calls delivered, though this run has not written its target.
NOT_WRITTEN = "NOT WRITTEN"
#: Statuses that somebody must see to, the worst first; what is open comes after them, what is delivered last.
FAILURES = (
    "IMPORT FAILED",
    "CANCELLED",
    "GONE",
    NOT_CREATED,
    NOT_UPDATED,
    NOT_WRITTEN,
    "DECLINED",
    "REJECTED",
)


class PhraseTmsDeliveryReportOperator(PhraseTmsOperator):
    """
    Names what is delivered, what has failed and what is still open, file by file, failures first.

    A target counts as delivered when this run wrote it and Phrase calls all parts of its job
    ``DELIVERED``. A file that this run could not upload because it has changed is ``NOT UPDATED``, with
    the job of its earlier version. Returns a list of ``{source, target_lang, language, job_uid, status,
    target_path, seconds}``; the language as Phrase's code and as the user wrote it; seconds from the start
    of the run to the delivery. The log has links to the project and the jobs. Fails when anything is not
    delivered, so that the run shows it; make it the last task, with ``trigger_rule="all_done"``. Warns of
    jobs and projects that are in Phrase twice.

    Sends ``GET /api2/v2/projects/{projectUid}/jobs`` for each project.

    :param plan: what :class:`~phrase_provider.operators.plan.PhrasePlanOperator` returned (templated).
    :param jobs: rows of :class:`~phrase_provider.operators.tms.jobs.PhraseTmsCreateJobsOperator`, of one
        task or of mapped ones, or the path of a job list (templated).
    :param deliveries: results of
        :class:`~phrase_provider.operators.tms.jobs.PhraseTmsSetJobStatusOperator` (templated).
    :param project_uid: uid of the run's project, to look for earlier versions of its files in; default: that
        of the rows (templated).
    :param target_langs: as the user wrote them (templated).
    :raises PhraseNotDeliveredError: something is not delivered.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "plan",
        "jobs",
        "deliveries",
        "project_uid",
        "target_langs",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        plan: Iterable[PlanItem],
        jobs: Iterable[JobRow] | str,
        deliveries: Iterable[DeliveryRow],
        project_uid: str | None = None,
        target_langs: str | Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.jobs = jobs
        self.deliveries = deliveries
        self.project_uid = project_uid
        self.target_langs = target_langs

    def execute(self, context: Context) -> list[ReportRow]:
        """Compare the plan with what is in Phrase and on the target side."""
        started = context["dag_run"].start_date
        outcomes = self._outcomes(context)
        rows = self._rows(started or datetime.now().astimezone(), outcomes)
        self.log.info("%s", self._table(rows, list(outcomes)))
        if any(row["status"] != DELIVERED for row in rows) or not rows:
            # A failed task has no return value; the rows are what people look for then.
            context["ti"].xcom_push(key="return_value", value=rows)
            raise _not_delivered(rows)
        return rows

    def _outcomes(self, context: Context) -> dict[str, Outcomes]:
        from phrase_provider.services.tms.duplicates import warn_of_duplicates
        from phrase_provider.services.tms.outcomes import Outcomes

        uids = dict.fromkeys(job["project_uid"] for job in self._jobs())
        if self.project_uid:
            uids.setdefault(self.project_uid)
        for project_uid in uids:
            self.push_links(context, project_uid=project_uid)
            warn_of_duplicates(self.client, project_uid, self.log)
        return {project_uid: Outcomes(self.client, project_uid) for project_uid in uids}

    def _jobs(self) -> list[JobRow]:
        from phrase_provider.services.tms.job_uids import is_location, job_rows_of

        rows = job_rows_of(str(self.jobs)) if is_location(self.jobs) else _each(self.jobs)
        # A list also has the files that failed.
        return [row for row in cast("list[JobRow]", rows) if row["job_uid"]]

    def _rows(self, started: datetime, outcomes: dict[str, Outcomes]) -> list[ReportRow]:
        from phrase_provider.services.tms.job_uids import job_uids_of

        jobs = {(job["source"], job["target_lang"]): job for job in self._jobs()}
        deliveries = cast("list[DeliveryRow]", _each(self.deliveries))
        delivered = {uid: item["at"] for item in deliveries for uid in job_uids_of(item["job_uids"])}
        written = _as_written(self.target_langs)
        rows: list[ReportRow] = []
        for item in cast("list[PlanItem]", _each(self.plan)):
            for lang, target_path in item["targets"].items():
                job = jobs.get((item["path"], lang))
                job_uid, status = _found(item, lang, job, outcomes)
                if status == DELIVERED and job_uid not in delivered:
                    status = NOT_WRITTEN
                rows.append(
                    {
                        "source": item["relative_path"],
                        "target_lang": lang,
                        "language": written.get(lang, lang),
                        "job_uid": job_uid,
                        "status": status,
                        "target_path": target_path,
                        "seconds": _seconds(started, delivered.get(job_uid or "")),
                    }
                )
        return rows

    def _table(self, rows: Sequence[ReportRow], project_uids: Sequence[str]) -> str:
        from phrase_provider.text import printable

        done = sum(row["status"] == DELIVERED for row in rows)
        lines = [f"Delivery report: {done} of {len(rows)} targets are delivered."]
        lines += [f"Project: {self.project_url(uid)}" for uid in project_uids]
        width = max((len(row["language"]) for row in rows), default=0)
        lines += [
            f"{row['status']:<13} {row['language']:<{width}} {printable(row['source'])} -> "
            f"{printable(row['target_path'])}  {self.job_url(row['job_uid']) if row['job_uid'] else '-'}"
            for row in _failures_first(rows)
        ]
        return "\n".join(lines)


def _each(value: object) -> list[object]:
    """List what Airflow gave: nothing from skipped tasks, lists of lists or bare items from mapped ones."""
    if isinstance(value, dict):
        return [value]
    # Airflow 3.1 leaves a placeholder where a mapped task gave nothing.
    return [row for item in value for row in _each(item)] if isinstance(value, Iterable) else []


def _found(
    item: PlanItem, lang: str, job: JobRow | None, outcomes: dict[str, Outcomes]
) -> tuple[str | None, str]:
    """Return job and status of a planned target."""
    if job is not None:
        return job["job_uid"], outcomes[job["project_uid"]].of_job(job["job_uid"])
    for project in outcomes.values():
        if earlier := project.earlier(item["relative_path"], lang):
            return earlier, NOT_UPDATED
    return None, NOT_CREATED


def _as_written(target_langs: str | Sequence[str] | None) -> dict[str, str]:
    """Map Phrase's codes to what the user wrote."""
    from phrase_provider.files.languages import to_phrase

    several = target_langs.split(",") if isinstance(target_langs, str) else target_langs or ()
    return {to_phrase(lang): lang.strip() for lang in several if lang.strip()}


def _seconds(started: datetime, at: str | None) -> float | None:
    return round((datetime.fromisoformat(at) - started).total_seconds(), 1) if at else None


def _failures_first(rows: Iterable[ReportRow]) -> list[ReportRow]:
    def place(row: ReportRow) -> tuple[int, str, str, str]:
        status = row["status"]
        rank = FAILURES.index(status) if status in FAILURES else len(FAILURES) + (status == DELIVERED)
        return rank, status, row["source"], row["language"]

    return sorted(rows, key=place)


def _not_delivered(rows: list[ReportRow]) -> Exception:
    from phrase_provider.exceptions import PhraseNotDeliveredError
    from phrase_provider.text import printable

    if not rows:
        return PhraseNotDeliveredError("There is no plan", hint="See the task that makes it.")
    open_rows = _failures_first(row for row in rows if row["status"] != DELIVERED)
    named = "; ".join(
        f"{printable(row['source'])} ({row['language']}): {row['status']}" for row in open_rows[:20]
    )
    return PhraseNotDeliveredError(
        f"{len(open_rows)} of {len(rows)} targets are not delivered. {named}", hint=_hint(open_rows)
    )


def _hint(open_rows: Sequence[ReportRow]) -> str:
    hint = (
        "See the tasks of these files; once mended, clear them, or run again with the same batch id: "
        "what is delivered stays as it is."
    )
    if any(row["status"] == NOT_UPDATED for row in open_rows):
        hint += (
            f" {NOT_UPDATED}: the file has changed, and the translation of its earlier version stays; use "
            "another batch id for the new content."
        )
    return hint
