"""The operator that reports what a manifest knows of translations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from phrase_provider.failure_log import FailureLogMixin
from phrase_provider.retry_policy import DEFAULT_RETRY_POLICY, retry_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow.sdk import Context

    from phrase_provider._compat import RetryPolicy
    from phrase_provider.manifest.lines import ManifestKey, ManifestLine


class PhraseManifestReportOperator(FailureLogMixin, BaseOperator):
    """
    Reports which translations are up to date, outdated, missing or failed, as the manifest knows it.

    Writes a small table into the log, and a JSON file (:class:`~phrase_provider.manifest.report.Report`) to a
    path. Returns ``{report, "up to date", missing, outdated, failed, deleted}``: the path, and the number of
    translations in each state. Without ``phrase_conn_id`` it needs no connection, and sends nothing.

    With it, the report says who has what is outdated or missing: the first workflow step that is not done,
    and its providers. For each project that has any of it, this sends ``GET
    /api2/v1/projects/{projectUid}`` and ``GET /api2/v2/projects/{projectUid}/jobs``, at most 20 pages of each
    workflow step.

    A manifest of many parts is made into one file at the end, see :mod:`phrase_provider.manifest.compaction`;
    where the store cannot do that, or another task is doing it, the log says so.

    :param manifest: local path or URL (templated).
    :param report: local path or URL of the JSON file; None: it is not written (templated).
    :param target_langs: languages in any usual form that each source is wanted in: what is not known of in
        one of these is missing; default: what the manifest has (templated).
    :param phrase_conn_id: Airflow connection of type ``phrase``; None: Phrase is not asked (templated).
    :param max_parts: parts of the manifest beyond which it is compacted.
    :param retry_policy: which failures are tried again (Airflow 3.3 and newer); default:
        :class:`~phrase_provider.retry_policy.PhraseRetryPolicy`.
    :raises PhraseInputError: the manifest is damaged.
    """

    template_fields: Sequence[str] = ("manifest", "report", "target_langs", "phrase_conn_id")
    ui_color = "#e8f0d5"

    def __init__(
        self,
        *,
        manifest: str,
        report: str | None = None,
        target_langs: str | Sequence[str] | None = None,
        phrase_conn_id: str | None = None,
        max_parts: int = 50,
        retry_policy: RetryPolicy | None = DEFAULT_RETRY_POLICY,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs, **retry_arguments(retry_policy))
        self.manifest = manifest
        self.report = report
        self.target_langs = target_langs
        self.phrase_conn_id = phrase_conn_id
        self.max_parts = max_parts

    def execute(self, context: Context) -> dict[str, int | str | None]:
        """Make the report and write it."""
        from phrase_provider.files.languages import unique_targets
        from phrase_provider.manifest.compaction import compact_if_many
        from phrase_provider.manifest.manifest import Manifest
        from phrase_provider.manifest.report import make_report, table, write_report

        manifest = Manifest(self.manifest)
        langs = unique_targets(self.target_langs) if self.target_langs else []
        lines = manifest.read()
        report = make_report(manifest.location, lines, langs, self._queues(lines))
        self.log.info("The manifest %s:\n%s", manifest.location, table(report))
        if self.report:
            write_report(report, self.report)
        if told := compact_if_many(manifest, self.max_parts):
            self.log.info("%s", told)
        return {"report": self.report or None, **report["translations"]}

    def _queues(self, lines: Mapping[ManifestKey, ManifestLine]) -> dict[ManifestKey, str]:
        from phrase_provider.hooks.tms import PhraseTmsHook
        from phrase_provider.services.tms.queues import find_queues

        return find_queues(PhraseTmsHook(self.phrase_conn_id).client, lines) if self.phrase_conn_id else {}
