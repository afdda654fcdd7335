"""The operator that exports, downloads and writes target files."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import conf

from phrase_provider.config import MACHINE_POKE_INTERVAL, number
from phrase_provider.links import PhraseTmsJobLink, PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator, seconds_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.files.targets import WrittenFile
    from phrase_provider.services.tms.rows import ExportRow
    from phrase_provider.triggers.wait import WaitOptions


class PhraseTmsExportTargetFileOperator(PhraseTmsOperator):
    """
    Exports a job's target file: starts the export, waits for it, downloads and writes the file.

    A download id works once. When a download breaks off, or is not Phrase's file as a whole, the export is
    started again; the target appears only when it is complete. An empty one is taken when the job's source,
    which is asked for then, is empty too. A retried or cleared task exports again, so that late
    corrections reach the target.

    Phrase limits how many async requests an organization has pending: one look at Phrase's count before
    each start keeps below that limit, and an export that finds no room, or is refused, waits for its turn.

    Sends ``GET /api2/v1/async/status``, ``PUT …/jobs/{jobUid}/targetFile``, ``GET
    /api2/v1/async/{asyncRequestId}`` and ``GET …/downloadTargetFile/{asyncRequestId}``; for an empty target
    ``GET …/jobs/{jobUid}/original``.
    Returns ``{project_uid, job_uid, target_path,
    size, sha256}``, size in bytes.

    :param project_uid: uid (templated).
    :param job_uid: uid of a job part of the highest workflow level (templated).
    :param target_path: local path or ``ObjectStoragePath`` URL (templated).
    :param deferrable: wait in the triggerer; default: ``[operators] default_deferrable``.
    :param poll_interval: longest time between looks at the export, in seconds; default: ``[phrase]
        machine_poke_interval``.
    :param timeout: longest wait for a turn, and again for one export, in seconds.
    :param attempts: how many exports are started at most.
    :raises PhraseInputError: the target cannot be written.
    :raises PhraseJobNotReadyError: the job is not imported yet.
    :raises PhraseAsyncRequestError: Phrase could not make the target file.
    :raises PhraseFileTooLargeError: the target file is larger than the connection allows.
    :raises PhraseDownloadError: no export could be downloaded whole.
    :raises PhraseTimeoutError: the turn did not come, or the export did not end, in time.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "project_uid",
        "job_uid",
        "target_path",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(), PhraseTmsJobLink())

    def __init__(
        self,
        *,
        project_uid: str,
        job_uid: str,
        target_path: str,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: timedelta | float | None = None,
        timeout: timedelta | float = 3600,
        attempts: int = 3,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_uid = project_uid
        self.job_uid = job_uid
        self.target_path = target_path
        self.deferrable = deferrable
        self.poll_interval = number(MACHINE_POKE_INTERVAL) if poll_interval is None else poll_interval
        self.timeout = timeout
        self.attempts = attempts

    def execute(self, context: Context) -> ExportRow:
        """Start the export; when not deferred, wait for it here and write the file."""
        from phrase_provider.files.targets import check_target

        check_target(self.target_path)
        self.push_links(context, project_uid=self.project_uid, job_uid=self.job_uid)
        return self._attempt(1)

    def execute_in_turn(self, context: Context, event: object = None) -> ExportRow:
        """
        Start the export for which there is room now.

        :param event: see :mod:`phrase_provider.triggers.events`; carries attempt and deadline.
        """
        from phrase_provider.triggers.events import deadline_of, result_of

        self.push_links(context, project_uid=self.project_uid, job_uid=self.job_uid)
        result_of(event)
        return self._attempt(_attempt_of(event), has_slot=True, turn_until=deadline_of(event))

    def execute_complete(self, context: Context, event: object = None) -> ExportRow:
        """
        Download what the awaited export made.

        :param event: see :mod:`phrase_provider.triggers.events`; carries id and attempt.
        """
        from phrase_provider.triggers.events import result_of

        self.push_links(context, project_uid=self.project_uid, job_uid=self.job_uid)
        result = result_of(event, "async_request_id")
        return self._collect(str(result["async_request_id"]), _attempt_of(event))

    def _attempt(self, attempt: int, *, has_slot: bool = False, turn_until: float | None = None) -> ExportRow:
        async_request_id = self._start(attempt, has_slot, turn_until)
        self.log.info("Export %s started (attempt %d of %d).", async_request_id, attempt, self.attempts)
        if self.deferrable:
            self._defer_until_finished(async_request_id, attempt)
        self._wait(async_request_id)
        return self._collect(async_request_id, attempt)

    def _start(self, attempt: int, has_slot: bool, turn_until: float | None) -> str:
        from phrase_provider.services.tms.async_starts import start_in_turn, try_start

        start = partial(self.client.exports.start, self.project_uid, self.job_uid)
        if not self.deferrable:
            return start_in_turn(self.client, start, self.log, **self._limits())
        async_request_id = try_start(self.client, start, has_slot=has_slot)
        if async_request_id is None:
            self._defer_until_turn(attempt, turn_until)
        return async_request_id

    def _defer_until_turn(self, attempt: int, turn_until: float | None) -> NoReturn:
        from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncSlotTrigger

        self.log.info("Phrase has no room for this export yet; it is started in its turn.")
        wait = self._wait_arguments(attempt)
        if turn_until is not None:
            # Refused once more: the deadline stays.
            wait["deadline"] = turn_until
        self.defer(trigger=PhraseTmsAsyncSlotTrigger(**wait), method_name="execute_in_turn")

    def _defer_until_finished(self, async_request_id: str, attempt: int) -> NoReturn:
        from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger

        self.defer(
            trigger=PhraseTmsAsyncRequestTrigger(
                async_request_id=async_request_id, **self._wait_arguments(attempt)
            ),
            method_name="execute_complete",
        )

    def _wait_arguments(self, attempt: int) -> WaitOptions:
        limits = self._limits()
        return {
            "phrase_conn_id": self.phrase_conn_id,
            "note": {"attempt": attempt},
            "poke_interval": limits["max_interval"],
            "deadline": limits["deadline"],
        }

    def _wait(self, async_request_id: str) -> None:
        from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
        from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished

        condition = AsyncRequestFinished(async_request_id)
        wait_for(BlockingWait(condition, self.client, self.log, **self._limits()))

    def _limits(self) -> dict[str, float]:
        # Airflow does not enforce the execution timeout while a task is deferred.
        allowed = self.execution_timeout or timedelta.max
        return {
            "max_interval": seconds_of(self.poll_interval),
            "deadline": time.time() + min(seconds_of(self.timeout), allowed.total_seconds()),
        }

    def _collect(self, async_request_id: str, attempt: int) -> ExportRow:
        from phrase_provider.exceptions import PhraseDownloadError

        try:
            written = self._download(async_request_id)
        except PhraseDownloadError as error:
            if attempt >= self.attempts:
                raise
            self.log.warning("Exporting again. %s", error.brief())
            return self._attempt(attempt + 1)
        self.log.info("Wrote %s (%d bytes).", written.path, written.size)
        return {
            "project_uid": self.project_uid,
            "job_uid": self.job_uid,
            "target_path": written.path,
            "size": written.size,
            "sha256": written.sha256,
        }

    def _download(self, async_request_id: str) -> WrittenFile:
        from phrase_provider.files.targets import write_target

        with self.client.exports.download(self.project_uid, self.job_uid, async_request_id) as download:
            return write_target(self.target_path, download.chunks, expected_size=download.size)


def _attempt_of(event: object) -> int:
    from phrase_provider.triggers.events import noted_number

    return int(noted_number(event, "attempt") or 1)
