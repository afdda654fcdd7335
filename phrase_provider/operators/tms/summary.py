"""What became of a run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from airflow.sdk import Context

#: Of a planned target for which no job was created.
NOT_CREATED = "NOT CREATED"


class PhraseTmsSummaryOperator(PhraseTmsOperator):
    """
    Names what is delivered, what is cancelled and what is still open, file by file.

    Reads the jobs' statuses from Phrase. Returns a list of ``{source, target_lang, job_uid, status,
    target_path, seconds}``; seconds from the start of the run to the delivery. Fails when
    anything is not delivered, so that the run shows it; make it the last task, with
    ``trigger_rule="all_done"``.

    :param plan: what :class:`~phrase_provider.operators.plan.PhrasePlanOperator` returned (templated).
    :param jobs: rows of :class:`~phrase_provider.operators.tms.jobs.PhraseTmsCreateJobsOperator`
        (templated).
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
        if any(row["status"] != "DELIVERED" for row in rows) or not rows:
            # A failed task has no return value; the rows are what people look for then.
            context["ti"].xcom_push(key="return_value", value=rows)
            raise _not_delivered(rows)
        return rows

    def _rows(self, started: datetime) -> list[dict[str, Any]]:
        jobs = {(job["source"], job["target_lang"]): job["job_uid"] for job in _each(self.jobs)}
        delivered = {uid: item["at"] for item in _each(self.deliveries) for uid in item["job_uids"]}
        statuses = self._statuses()
        return [
            _row(item, lang, target, jobs.get((item["path"], lang)), statuses, delivered, started)
            for item in _each(self.plan)
            for lang, target in item["targets"].items()
        ]

    def _statuses(self) -> dict[str, str]:
        by_project: dict[str, list[str]] = {}
        for job in _each(self.jobs):
            by_project.setdefault(job["project_uid"], []).append(job["job_uid"])
        return {
            part["uid"]: part["status"]
            for project_uid, job_uids in by_project.items()
            for part in self.client.jobs.get_many(project_uid, job_uids)
        }


def _each(value: Iterable[dict[str, Any]] | dict[str, Any] | None) -> list[dict[str, Any]]:
    """List what Airflow gave: nothing from skipped tasks, the bare item where one task was mapped."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value or [] if item]


def _row(
    item: dict[str, Any],
    target_lang: str,
    target_path: str,
    job_uid: str | None,
    statuses: dict[str, str],
    delivered: dict[str, str],
    started: datetime,
) -> dict[str, Any]:
    at = delivered.get(job_uid or "")
    return {
        "source": item["relative_path"],
        "target_lang": target_lang,
        "job_uid": job_uid,
        "status": statuses.get(job_uid or "", NOT_CREATED),
        "target_path": target_path,
        "seconds": _seconds(started, at) if at else None,
    }


def _seconds(started: datetime, at: str) -> float:
    return round((datetime.fromisoformat(at) - started).total_seconds(), 1)


def _not_delivered(rows: list[dict[str, Any]]) -> Exception:
    from phrase_provider.exceptions import PhraseNotDeliveredError

    open_rows = [row for row in rows if row["status"] != "DELIVERED"]
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
