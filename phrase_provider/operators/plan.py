"""The operator that plans a run: files, languages, words and targets, before anything is charged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from phrase_provider.failure_log import FailureLogMixin
from phrase_provider.retry_policy import DEFAULT_RETRY_POLICY, retry_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow.sdk import Context

    from phrase_provider._compat import RetryPolicy
    from phrase_provider.files.file_types import FileWarning
    from phrase_provider.files.plan_items import PlanItem

_SHOWN_WARNINGS = 10


class PhrasePlanOperator(FailureLogMixin, BaseOperator):
    """
    Lists files, languages, estimated words and target paths, and checks them; sends nothing.

    Phrase charges words at upload, so a run that is larger than meant is stopped here. Returns a
    list with an item for each file: ``{path, relative_path, size, base, words, max_words, targets:
    {language: target_path}}``, ``base`` being the folder from which the relative path starts, languages as
    Phrase codes; the ``source`` of :class:`~phrase_provider.operators.tms.jobs.PhraseTmsCreateJobsOperator`.

    :param source: path, URL or glob, or several (templated).
    :param target_langs: in any usual form (templated).
    :param target_folder: local folder or URL (templated).
    :param target_naming: path below the target folder; see
        :func:`~phrase_provider.files.plan.make_plan` (templated).
    :param language_format: how ``{lang}`` is written in paths: ``bcp47``, ``posix``, ``android``,
        ``apple``, ``java``, or a mapping (templated).
    :param base: folder from which relative paths start (templated).
    :param exclude: globs of files to leave out, or a text with one for each line: ``*.tmp``, ``drafts``,
        ``legal/**/*.md`` (templated).
    :param skip_empty: leave out empty files, which are refused otherwise (templated).
    :param max_files: most files that a run may have (templated).
    :param max_words: most words times languages that a run may have (templated).
    :param retry_policy: which failures are tried again (Airflow 3.3 and newer); default:
        :class:`~phrase_provider.retry_policy.PhraseRetryPolicy`.
    :raises PhraseInputError: a file, language or target cannot be used.
    :raises PhrasePlanLimitError: a limit is exceeded.
    """

    template_fields: Sequence[str] = (
        "source",
        "target_langs",
        "target_folder",
        "target_naming",
        "language_format",
        "base",
        "exclude",
        "skip_empty",
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
        target_naming: str | None = None,
        language_format: str | Mapping[str, str] | None = None,
        base: str | None = None,
        exclude: str | Sequence[str] | None = None,
        skip_empty: bool | str = False,
        max_files: int | str | None = None,
        max_words: int | str | None = None,
        retry_policy: RetryPolicy | None = DEFAULT_RETRY_POLICY,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs, **retry_arguments(retry_policy))
        self.source = source
        self.target_langs = target_langs
        self.target_folder = target_folder
        self.target_naming = target_naming
        self.language_format = language_format
        self.base = base
        self.exclude = exclude
        self.skip_empty = skip_empty
        self.max_files = max_files
        self.max_words = max_words

    def execute(self, context: Context) -> list[PlanItem]:
        """Make the plan and log it as a table."""
        from phrase_provider.files.plan import make_plan
        from phrase_provider.flags import is_true

        chosen: dict[str, Any] = {
            "target_naming": self.target_naming,
            "language_format": self.language_format,
            "base": self.base,
            "exclude": self.exclude,
            "skip_empty": is_true(self.skip_empty, "skip_empty"),
            # A template gives text.
            "max_files": int(self.max_files) if self.max_files else None,
            "max_words": int(self.max_words) if self.max_words else None,
        }
        plan = make_plan(
            self.source,
            self.target_langs,
            self.target_folder,
            **{name: value for name, value in chosen.items() if value not in (None, "")},
        )
        _require_mappable(len(plan.targets))
        self.log.info("The plan; nothing has been sent:\n%s", plan.table())
        if plan.warnings:
            self.log.warning(
                "Files of types that Phrase is not known to take: %s of the plan's, %s. Leave them out with "
                "`exclude`, unless your organization has a custom file type for them.",
                len(plan.warnings),
                _listed(plan.warnings),
            )
        return plan.by_source()


def _listed(warnings: Sequence[FileWarning]) -> str:
    from phrase_provider.files.names import shown

    named = [shown(warning.path) for warning in warnings[:_SHOWN_WARNINGS]]
    return ", ".join([*named, "…"] if len(warnings) > _SHOWN_WARNINGS else named)


def _require_mappable(targets: int) -> None:
    from airflow.providers.common.compat.sdk import conf

    from phrase_provider.exceptions import PhrasePlanLimitError

    limit = conf.getint("core", "max_map_length", fallback=1024)
    if targets > limit:
        raise PhrasePlanLimitError(
            f"The plan has {targets:,} targets, and Airflow maps a task over at most {limit:,}",
            hint="Choose fewer files or languages, or raise [core] max_map_length.",
        )
