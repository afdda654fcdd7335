"""The operator that reports what a run of any number of targets came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from phrase_provider.links import PhraseProgressLink
from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.manifest.report import Report
    from phrase_provider.services.tms.changes.source_changes import SourceChange
    from phrase_provider.services.tms.job_list import ListedJob
    from phrase_provider.services.tms.job_uids import JobUids
    from phrase_provider.services.tms.rows import ChangesRow
    from phrase_provider.services.tms.run_lines import RunLines

#: Targets that the error names, and characters of each reason.
_NAMED, _REASON = 20, 200


class PhraseTmsRunReportOperator(PhraseTmsOperator):
    """
    Reports what became of all targets of a run, by its lists and the manifest; fails if any is not delivered.

    The log has a small table: a line for each language, then the targets that need somebody, the first 20 of
    them. A JSON file (:class:`~phrase_provider.manifest.report.Report`) has all. What a newer run has taken
    over is counted, and reported by that run. Make it the last task, with ``trigger_rule="all_done"``.

    A manifest of many parts is made into one file, see :mod:`phrase_provider.manifest.compaction`.

    Sends nothing. Returns ``{report, taken_over, "up to date", missing, outdated, failed, deleted}``: the
    path of the file, and numbers of targets.

    :param changes: what :class:`~phrase_provider.operators.tms.changes.PhraseTmsPlanChangesOperator`
        returned: it names lists, manifest and run, and what the run had to do. None: only the other arguments
        count (templated).
    :param jobs: path of the run's job list, or its rows; default: as ``changes`` says (templated).
    :param manifest: local path or URL of the manifest; default: as ``changes`` says (templated).
    :param run: name of the run in the manifest; default: as ``changes`` says, else the DAG run (templated).
    :param report_path: where the file is written; default: ``report.json`` in the run's folder beside the
        manifest (templated).
    :raises PhraseInputError: there is no manifest, or it is damaged.
    :raises PhraseNotDeliveredError: targets are not delivered; or there is nothing to report on.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "changes",
        "jobs",
        "manifest",
        "run",
        "report_path",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseProgressLink(),)
    ui_color = "#e8f0d5"

    def __init__(
        self,
        *,
        changes: ChangesRow | None = None,
        jobs: JobUids | None = None,
        manifest: str | None = None,
        run: str | None = None,
        report_path: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.changes = changes
        self.jobs = jobs
        self.manifest = manifest
        self.run = run
        self.report_path = report_path

    def execute(self, context: Context) -> dict[str, int | str]:
        """Compare the run's lists with the manifest."""
        from phrase_provider.files.storage import join
        from phrase_provider.manifest.compaction import compact_if_many
        from phrase_provider.manifest.manifest import Manifest
        from phrase_provider.manifest.report import make_report, table, write_report
        from phrase_provider.manifest.runs import run_folder
        from phrase_provider.services.tms.run_lines import run_lines

        manifest, run = Manifest(self._manifest()), self._run(context)
        found = run_lines(run, self._rows(), self._changes(), manifest.read())
        report = make_report(manifest.location, found.own)
        location = self.report_path or join(run_folder(manifest.location, run), "report.json")
        self.push_progress_link(context, location)
        write_report(report, location)
        self.log.info("%s\n%s", _headline(run, report, found), table(report))
        if told := compact_if_many(manifest):
            self.log.info("%s", told)
        if error := _not_delivered(report):
            raise error
        return {"report": location, "taken_over": len(found.taken_over), **report["translations"]}

    @property
    def _told(self) -> Mapping[str, object]:
        return cast("Mapping[str, object]", self.changes or {})

    def _manifest(self) -> str:
        from phrase_provider.exceptions import PhraseInputError

        location = self.manifest or self._told.get("manifest")
        if isinstance(location, str) and location:
            return location
        raise PhraseInputError(
            "There is no manifest to report from", hint="See the task that plans the changes, or name one."
        )

    def _run(self, context: Context) -> str:
        from phrase_provider.manifest.runs import run_name

        ti = context["ti"]
        return str(self.run or self._told.get("run") or run_name(ti.dag_id, ti.run_id))

    def _rows(self) -> list[ListedJob]:
        from phrase_provider.exceptions import PhraseNotDeliveredError
        from phrase_provider.services.tms.job_list import JobList
        from phrase_provider.services.tms.job_uids import is_location, job_rows_of

        jobs = self.jobs or self._told.get("jobs")
        if not jobs:
            raise PhraseNotDeliveredError(
                "There is no list of jobs to report on", hint="See the tasks before this one."
            )
        if not (self.changes and is_location(jobs)):
            return job_rows_of(cast("JobUids", jobs))
        try:
            return JobList(str(jobs)).read()
        except FileNotFoundError:
            # There was nothing to do, or the task that writes it has failed: the changes tell.
            return []

    def _changes(self) -> Iterable[SourceChange]:
        from phrase_provider.services.tms.changes.source_changes import ChangeList

        return ChangeList(self.changes["changes"]).read() if self.changes else ()


def _headline(run: str, report: Report, found: RunLines) -> str:
    counts = report["translations"]
    number = sum(counts.values())
    left = f", {len(found.taken_over):,} were taken over by a newer run" if found.taken_over else ""
    if not number:
        return f"Run {run} had nothing to do{left}."
    return f"Run {run}: {counts['up to date']:,} of {number:,} targets are delivered{left}."


def _not_delivered(report: Report) -> Exception | None:
    from phrase_provider.exceptions import PhraseNotDeliveredError
    from phrase_provider.files.names import shown
    from phrase_provider.text import printable

    lost = [row for row in report["rows"] if row["state"] not in ("up to date", "deleted")]
    if not lost:
        return None
    named = "; ".join(
        f"{shown(row['source'])} ({row['target_lang']}): {printable(row['error'] or row['state'], _REASON)}"
        for row in lost[:_NAMED]
    )
    more = f"; and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else ""
    return PhraseNotDeliveredError(
        f"{len(lost):,} of {len(report['rows']):,} targets are not delivered. {named}{more}",
        hint="The report has all of them. Once mended, clear the tasks that failed, or let the next run take "
        "over: what is delivered stays as it is.",
    )
