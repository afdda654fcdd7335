"""Cancelling the jobs of a task that somebody ended, in the little time that Airflow gives."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import DONE, ENDED, JobStatus
from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import JobPart
    from phrase_provider.waiting.conditions import Logger

#: Seconds on a worker: Airflow kills the process 5 s after it has told it to end.
ON_WORKER = 4.0
#: Seconds in the triggerer: Airflow gives 30 s, unless ``[triggerer] on_kill_timeout`` says otherwise.
IN_TRIGGERER = 20.0
_THREADS = 4


def cancel_jobs(
    client: TmsClient, project_uid: str, job_uids: Sequence[str] | None, log: Logger, *, seconds: float
) -> None:
    """
    Cancel jobs in all their workflow steps, as many as the time allows; raises nothing of Phrase.

    Their status is read first: what is completed, delivered or cancelled already is left alone. Sends
    ``GET /api2/v2/projects/{projectUid}/jobs`` and ``POST …/jobs/{jobUid}/setStatus``, once each.

    :param client: of the task; its token is used.
    :param project_uid: uid.
    :param job_uids: uids of job parts; None: all jobs of the project.
    :param log: gets lines on what was cancelled and what was not.
    :param seconds: after which this returns, whatever Phrase does.
    """
    # In a thread of its own, since even a timeout of the network can be dragged out.
    cancelling = threading.Thread(
        target=_Cancelling(client, project_uid, log, time.monotonic() + seconds).cancel,
        args=(job_uids,),
        daemon=True,
    )
    cancelling.start()
    cancelling.join(seconds)
    if cancelling.is_alive():
        log.warning("Phrase was slow: look there which jobs of project %s are cancelled.", project_uid)


class _Cancelling:
    def __init__(self, client: TmsClient, project_uid: str, log: Logger, give_up: float) -> None:
        self._client = client
        self._project_uid = project_uid
        self._log = log
        self._give_up = give_up

    def cancel(self, job_uids: Sequence[str] | None) -> None:
        with closing(self._client.with_timeout(self._left() / 2)) as client:
            try:
                parts = list(client.jobs.list_all_parts(self._project_uid, job_uids))
            except PhraseError as error:
                self._log.warning("No job was cancelled: their status could not be read. %s", error.brief())
                return
            going_on = [part for part in parts if part["status"] not in DONE | ENDED]
            with ThreadPoolExecutor(_THREADS) as pool:
                cancelled = sum(pool.map(lambda part: self._cancel_one(client, part), going_on))
        self._log.info("Cancelled %d of %d job parts; %d were open.", cancelled, len(parts), len(going_on))

    def _cancel_one(self, client: TmsClient, part: JobPart) -> bool:
        if self._left() <= 0:
            return False
        try:
            client.jobs.set_status(self._project_uid, part["uid"], JobStatus.CANCELLED)
        except PhraseError as error:
            self._log.warning("Job %s was not cancelled. %s", part["uid"], error.brief())
            return False
        return True

    def _left(self) -> float:
        return self._give_up - time.monotonic()
