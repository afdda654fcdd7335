"""Moving a job part to a status, once, with the mails that Phrase sends then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.idempotency.operation import Operation

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.idempotency.entry import RecordedResult
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.waiting.conditions import Logger


class StatusMover:
    """
    Moves job parts to a status, each once.

    A retried or cleared task moves no part that it has moved before, with one exception: one that was sent
    back after it was delivered, and completed again, is delivered again, without a second mail. A new source
    makes it another delivery, with a mail.

    :param client: of the connection.
    :param ledger: of the task.
    :param status: the new status.
    :param log: gets a line for each part.
    :param notify_owner: mail the owners of project and job.
    :param propagate_status: move the neighbouring workflow steps, and mail their providers.
    """

    def __init__(
        self,
        client: TmsClient,
        ledger: Ledger,
        status: JobStatus,
        log: Logger,
        *,
        notify_owner: bool = False,
        propagate_status: bool = False,
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._status = status
        self._log = log
        self._notify_owner = notify_owner
        self._propagate_status = propagate_status

    def move(self, project_uid: str, job_uid: str, current: str, revision: str = "") -> str:
        """
        Return the time at which a part was set, or found, to be in the status: ISO 8601.

        Source: ``POST …/jobs/{jobUid}/setStatus``.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :param current: its status as it was just read.
        :param revision: names the source that it has; empty: the one of its creation, or unknown.
        :raises PhraseOutcomeUnknownError: the answer got lost, and Phrase does not show the status.
        """
        seen = [current]

        def find(recorded: RecordedResult | None) -> str | None:
            status = seen.pop() if seen else self._client.jobs.get(project_uid, job_uid)["status"]
            if status != self._status and (recorded is None or self._status is JobStatus.DELIVERED):
                return None
            # What has moved on since is left where it is.
            return (recorded or {}).get("at") or _now()

        return self._ledger.run_once(
            Operation(
                description=f"setting job {job_uid} to {self._status}",
                key=entry_key("status", project_uid, job_uid, self._status, *filter(None, [revision])),
                find=find,
                execute=lambda recorded: self._send(project_uid, job_uid, mails=recorded is None),
                record=lambda at: {"at": at},
                max_duration=self._client.session.settings.timeout,
                repeatable=True,
            )
        )

    def _send(self, project_uid: str, job_uid: str, *, mails: bool) -> str:
        self._client.jobs.set_status(
            project_uid,
            job_uid,
            self._status,
            notify_owner=self._notify_owner and mails,
            propagate_status=self._propagate_status and mails,
        )
        self._log.info("Job %s is %s now.", job_uid, self._status)
        return _now()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
