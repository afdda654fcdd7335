"""What became of a run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import Context

DELIVERED = "DELIVERED"
#: Of a planned target for which no job was created.
NOT_CREATED = "NOT CREATED"
#: Of a job that was deleted in Phrase.
GONE = "GONE"
#: Of a job that Phrase calls delivered, though this run has not written its target.
NOT_WRITTEN = "NOT WRITTEN"


class PhraseTmsSummaryOperator(PhraseTmsOperator):
    """
    Names what is delivered, what is cancelled and what is still open, file by file.

    A target counts as delivered when this run wrote it and Phrase calls all parts of its job
    ``DELIVERED``. Returns a list of ``{source, target_lang, job_uid, status,
    target_path, seconds}``; seconds from the start of the run to the delivery. Fails when
    anything is not delivered, so that the run shows it; make it the last task, with
    ``trigger_rule="all_done"``. Warns of jobs and projects that are in Phrase twice.

    :param plan: what :class:`~phrase_provider.operators.plan.PhrasePlanOperator` returned (templated).
    :param jobs: rows of :class:`~phrase_provider.operators.tms.jobs.PhraseTmsCreateJobsOperator`, of one
        task or of mapped ones (templated).
    :param deliveries: results of
        :class:`~phrase_provider.operators.tms.jobs.PhraseTmsSetJobStatusOperator` (templated).
    :raises PhraseNotDeliveredError: something is not delivered.
    """

    template_fields: Sequence[str] = (*PhraseTmsOperator.template_fields, "plan", "jobs", "deliveries")

    def __init__(
        self,
        *,
        plan: Iterable[dict[str, Any]],
        jobs: Iterable[dict[str, Any]],
        deliveries: Iterable[dict[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.jobs = jobs
        self.deliveries = deliveries

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """Compare the plan with what is in Phrase and on the target side."""
        started = context["dag_run"].start_date
        rows = self._rows(started or datetime.now().astimezone())
        self.log.info("Summary:\n%s", _table(rows))
        if any(row["status"] != DELIVERED for row in rows) or not rows:
            # A failed task has no return value; the rows are what people look for then.
            context["ti"].xcom_push(key="return_value", value=rows)
            raise _not_delivered(rows)
        return rows

    def _rows(self, started: datetime) -> list[dict[str, Any]]:
        jobs = {(job["source"], job["target_lang"]): job for job in _each(self.jobs)}
        delivered = {uid: item["at"] for item in _each(self.deliveries) for uid in item["job_uids"]}
        statuses = self._statuses()
        return [
            {
                "source": item["relative_path"],
                "target_lang": lang,
                "job_uid": (job_uid := jobs.get((item["path"], lang), {}).get("job_uid")),
                "status": _status(job_uid, statuses, delivered),
                "target_path": target_path,
                "seconds": _seconds(started, delivered.get(job_uid or "")),
            }
            for item in _each(self.plan)
            for lang, target_path in item["targets"].items()
        ]

    def _statuses(self) -> dict[str, str | None]:
        from phrase_provider.creation.duplicates import warn_of_duplicates

        by_project: dict[str, list[str]] = {}
        for job in _each(self.jobs):
            by_project.setdefault(job["project_uid"], []).append(job["job_uid"])
        statuses: dict[str, str | None] = {}
        for project_uid, job_uids in by_project.items():
            statuses |= self.client.jobs.statuses(project_uid, job_uids)
            warn_of_duplicates(self.client, project_uid, self.log)
        return statuses


def _each(value: Any) -> list[dict[str, Any]]:
    """List what Airflow gave: nothing from skipped tasks, lists of lists or bare items from mapped ones."""
    if isinstance(value, dict):
        return [value]
    # Airflow 3.1 leaves a placeholder where a mapped task gave nothing.
    return [row for item in value for row in _each(item)] if isinstance(value, Iterable) else []


def _status(job_uid: str | None, statuses: dict[str, str | None], delivered: dict[str, str]) -> str:
    if job_uid is None:
        return NOT_CREATED
    status = statuses.get(job_uid) or GONE
    return NOT_WRITTEN if status == DELIVERED and job_uid not in delivered else status


def _seconds(started: datetime, at: str | None) -> float | None:
    return round((datetime.fromisoformat(at) - started).total_seconds(), 1) if at else None


def _not_delivered(rows: list[dict[str, Any]]) -> Exception:
    from phrase_provider.exceptions import PhraseNotDeliveredError

    if not rows:
        return PhraseNotDeliveredError("There is no plan", hint="See the task that makes it.")
    open_rows = [row for row in rows if row["status"] != DELIVERED]
    told = "; ".join(f"{row['source']} ({row['target_lang']}): {row['status']}" for row in open_rows[:20])
    return PhraseNotDeliveredError(
        f"{len(open_rows)} of {len(rows)} targets are not delivered. {told}",
        hint="See the tasks of these files; once mended, clear them, or run again with the same batch id: "
        "what is delivered stays as it is.",
    )


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{row['status']:<12} {row['target_lang']:<8} {row['job_uid'] or '-':<24} "
        f"{row['source']} -> {row['target_path']}"
        for row in sorted(rows, key=lambda row: (row["status"], row["source"], row["target_lang"]))
    ]
    return "\n".join(lines)
