"""The operator that finds what has changed since the last run, before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow.sdk import Context

    from phrase_provider.manifest.lines import ManifestKey, ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.changes.change_plan import ChangePlan, ChangePlanner, Limits
    from phrase_provider.services.tms.changes.source_changes import ChangeKind
    from phrase_provider.services.tms.rows import ChangesRow

#: Defaults of the limits: a guard against a wrong glob, not against a large site.
MAX_FILES, MAX_WORDS, MAX_DELETED_PERCENT = 10_000, 50_000_000, 20

_SHOWN = 20


class PhraseTmsPlanChangesOperator(PhraseTmsOperator):
    """
    Compares source files with the manifest; lists what is new, changed, open or deleted.

    Changes nothing in Phrase. The list is a file of JSON lines in ``<manifest>.runs/``, each a
    :class:`~phrase_provider.services.tms.changes.source_changes.SourceChange`. Returns a
    :class:`~phrase_provider.services.tms.rows.ChangesRow`: ``{changes, jobs, manifest, run, batch_id, base,
    new, changed, languages, deleted, open, ready, words, todo}``. A file whose size and times, or ETag, are
    as they were is not read; others are read once. Without a manifest, everything is new; what the project
    of this run has of it is found when it is to be uploaded, and not charged twice. What projects from before
    a rotation have is not looked for: make a manifest that was lost anew first, with ``manifest rebuild``.

    Sends at most eight requests, whatever the number of files, and one more for each further page of what it
    looks for: jobs that people completed again after they were delivered, in the three projects that were
    delivered from last, and in one of the others, chosen by the run (``GET
    /api2/v1/projects/{projectUid}``, ``GET /api2/v2/projects/{projectUid}/jobs``). With a rotation by number
    of jobs, it counts those of the latest project when there is something to do.

    :param source: path, URL or glob, or several (templated).
    :param target_langs: in any usual form (templated).
    :param target_folder: local folder or URL (templated).
    :param batch_id: names the content, and with the rotation's suffix the project (templated).
    :param manifest: local path or URL that all workers reach; default: ``phrase-manifest.jsonl`` in the
        target folder (templated).
    :param rotation: when new files get a new project: ``never``, ``monthly`` (suffix ``-2026-12``), or after
        a number of jobs, files times languages (suffix ``-1``, ``-2``, …) (templated).
    :param target_naming: path below the target folder; see
        :class:`~phrase_provider.files.target_naming.TargetNaming` (templated).
    :param language_format: how ``{lang}`` is written in paths (templated).
    :param base: folder from which relative paths start; a file is known by its path below it (templated).
    :param exclude: globs of files to leave out; they do not count as deleted (templated).
    :param skip_empty: leave out empty files, which are refused otherwise (templated).
    :param retry_failed: give new jobs to files whose import failed, and to those whose job was deleted in
        Phrase, though they are as they were; such as by hand, once the cause is mended (templated).
    :param on_delete: what becomes of deleted sources: ``report`` (default), ``cancel`` their jobs, or
        ``remove`` their targets, too; only the latter two make something to do (templated).
    :param max_deleted_percent: how many of a hundred known sources may be gone; ten always may; default: 20
        (templated).
    :param max_files: most files that are new, changed or wanted in more languages; default: 10,000
        (templated).
    :param max_words: most words times languages of these; default: 50 million (templated).
    :raises PhraseInputError: a file, language, name or target cannot be used, the base is not that of the
        manifest, or a manifest is damaged.
    :raises PhrasePlanLimitError: a limit is exceeded.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "source",
        "target_langs",
        "target_folder",
        "batch_id",
        "manifest",
        "rotation",
        "target_naming",
        "language_format",
        "base",
        "exclude",
        "skip_empty",
        "retry_failed",
        "on_delete",
        "max_deleted_percent",
        "max_files",
        "max_words",
    )
    ui_color = "#e8f0d5"

    def __init__(
        self,
        *,
        source: str | Sequence[str],
        target_langs: str | Sequence[str],
        target_folder: str,
        batch_id: str,
        manifest: str | None = None,
        rotation: str | int = "never",
        target_naming: str | None = None,
        language_format: str | Mapping[str, str] | None = None,
        base: str | None = None,
        exclude: str | Sequence[str] | None = None,
        skip_empty: bool | str = False,
        retry_failed: bool | str = False,
        on_delete: str | None = None,
        max_deleted_percent: float | str | None = None,
        max_files: int | str | None = None,
        max_words: int | str | None = None,
        **kwargs: Any,
    ) -> None:
        # So that ``task.output["changes"]`` works.
        super().__init__(**{"multiple_outputs": True, **kwargs})
        self.source = source
        self.target_langs = target_langs
        self.target_folder = target_folder
        self.batch_id = batch_id
        self.manifest = manifest
        self.rotation = rotation
        self.target_naming = target_naming
        self.language_format = language_format
        self.base = base
        self.exclude = exclude
        self.skip_empty = skip_empty
        self.retry_failed = retry_failed
        self.on_delete = on_delete
        self.max_deleted_percent = max_deleted_percent
        self.max_files = max_files
        self.max_words = max_words

    def execute(self, context: Context) -> ChangesRow:
        """Find the changes, write them to their list, and log them."""
        from phrase_provider.files.storage import join
        from phrase_provider.manifest.manifest import MANIFEST_NAME, Manifest
        from phrase_provider.manifest.runs import run_folder, run_name
        from phrase_provider.services.tms.changes.reopened_jobs import ReopenedJobs
        from phrase_provider.services.tms.changes.rotation import Rotation
        from phrase_provider.services.tms.changes.source_changes import REPORT, ChangeList, require_on_delete
        from phrase_provider.services.tms.projects import require_batch_id
        from phrase_provider.services.tms.updates.update_records import record_updates

        batch_id, rotation = require_batch_id(self.batch_id), Rotation(self.rotation)
        on_delete = require_on_delete(self.on_delete)
        manifest = Manifest(self.manifest or join(self.target_folder, MANIFEST_NAME))
        run = run_name(context["ti"].dag_id, context["ti"].run_id)
        lines = manifest.read()
        is_unfinished = record_updates(manifest, lines, run)
        planner, limits = self._planner(manifest, lines), self._limits()
        reopened = ReopenedJobs(self.client, lines, self.log).find(run)
        plan = planner.plan(reopened, limits)
        changes = ChangeList(join(run_folder(manifest.location, run), "changes.jsonl"))
        changes.write(plan.changes)
        manifest.add(run, _notes(plan, lines, run, with_deleted=on_delete == REPORT))
        self.log.info("%s", _told(plan))
        # Jobs that stand reopened without a new source are put back, though nothing has changed.
        todo = is_unfinished or any(
            change["kind"] != "deleted" or on_delete != REPORT for change in plan.changes
        )
        return {
            "changes": changes.location,
            "jobs": join(run_folder(manifest.location, run), "jobs.jsonl"),
            "manifest": manifest.location,
            "run": run,
            "batch_id": rotation.batch_id(self.client, batch_id, datetime.now(UTC)) if todo else batch_id,
            "base": plan.base,
            "new": len(plan.of_kind("new")),
            "changed": len(plan.of_kind("changed")),
            "languages": len(plan.of_kind("languages")),
            "deleted": len(plan.of_kind("deleted")),
            "open": len(plan.open),
            "ready": len(plan.open & reopened),
            "words": plan.words,
            "todo": todo,
        }

    def _planner(self, manifest: Manifest, lines: Mapping[ManifestKey, ManifestLine]) -> ChangePlanner:
        from phrase_provider.files.languages import unique_targets
        from phrase_provider.files.target_naming import (
            DEFAULT_LANGUAGE_FORMAT,
            DEFAULT_TARGET_NAMING,
            TargetNaming,
        )
        from phrase_provider.flags import is_true
        from phrase_provider.services.tms.changes.change_plan import ChangePlanner
        from phrase_provider.services.tms.changes.deleted_sources import SourceSelection

        codes = unique_targets(self.target_langs)
        naming = TargetNaming(
            codes,
            self.target_folder,
            self.target_naming or DEFAULT_TARGET_NAMING,
            self.language_format or DEFAULT_LANGUAGE_FORMAT,
        )
        selection = SourceSelection(
            self.source, self.base or None, self.exclude, is_true(self.skip_empty, "skip_empty")
        )
        retry_failed = is_true(self.retry_failed, "retry_failed")
        return ChangePlanner(manifest, lines, selection, codes, naming, retry_failed=retry_failed)

    def _limits(self) -> Limits:
        from phrase_provider.services.tms.changes.change_plan import Limits

        # A template gives text.
        return Limits(
            int(_given(self.max_files, MAX_FILES)),
            int(_given(self.max_words, MAX_WORDS)),
            float(_given(self.max_deleted_percent, MAX_DELETED_PERCENT)),
        )


def _given(value: float | str | None, default: float) -> float | str:
    return default if value in (None, "") else value


def _notes(
    plan: ChangePlan, lines: Mapping[ManifestKey, ManifestLine], run: str, *, with_deleted: bool
) -> list[ManifestLine]:
    """Return lines for what no later task does anything about."""
    from phrase_provider.services.tms.changes.deleted_sources import deletion_lines, return_lines

    deleted = plan.of_kind("deleted") if with_deleted else []
    return [*deletion_lines(deleted, lines, run), *return_lines(plan.files, lines, run)]


def _told(plan: ChangePlan) -> str:
    """Return the plan as text for people: how much of what, and the first files of it."""
    from phrase_provider.files.names import shown

    kinds: dict[ChangeKind, str] = {
        "new": "new",
        "changed": "changed",
        "languages": "wanted in more languages",
        "open": "only to be taken home",
        "deleted": "deleted",
    }
    counts = ", ".join(f"{len(plan.of_kind(kind)):,} {name}" for kind, name in kinds.items())
    total = (
        f"Of {len(plan.files):,} source files, {plan.read:,} were read. {counts}. To be sent: about "
        f"{plan.words:,} words times languages; to be taken home: {len(plan.open):,} translations."
    )
    lines = [total]
    lines += [
        f"{change['kind']:<9} {shown(change['relative_path'])} "
        f"({', '.join([*change['target_langs'], *change['open_langs']])})"
        for change in plan.changes[:_SHOWN]
    ]
    if len(plan.changes) > _SHOWN:
        lines.append(f"and {len(plan.changes) - _SHOWN:,} more")
    return "\n".join(lines)
