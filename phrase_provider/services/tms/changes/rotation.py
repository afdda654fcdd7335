"""Rotation of projects: a batch of content that never ends gets a new project from time to time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from datetime import datetime

    from phrase_provider.api.tms.client import TmsClient

NEVER, MONTHLY = "never", "monthly"


class Rotation:
    """
    Says under which batch id new files are uploaded now.

    :param value: ``never``, ``monthly``, or the number of jobs (files times languages) after which a new
        project begins.
    :raises PhraseInputError: it is none of these.
    """

    def __init__(self, value: str | int | None) -> None:
        text = str(value or NEVER).strip().lower()
        if text not in (NEVER, MONTHLY) and not (text.isdecimal() and int(text)):
            raise PhraseInputError(
                f"rotation is {value!r}", hint=f"Use {NEVER!r}, {MONTHLY!r}, or a number of jobs."
            )
        self._kind = text
        self._most_jobs = int(text) if text.isdecimal() else None

    def batch_id(self, client: TmsClient, batch_id: str, now: datetime) -> str:
        """
        Return the batch id of the project to use now.

        Source: only where jobs are counted, ``GET /api2/v1/projects`` and ``GET
        /api2/v2/projects/{projectUid}/jobs``.

        :param client: of the connection.
        :param batch_id: of all projects.
        :param now: with a time zone.
        """
        if self._kind == MONTHLY:
            return f"{batch_id}-{now:%Y-%m}"
        if self._most_jobs is None:
            return batch_id
        return f"{batch_id}-{self._number(client, batch_id, self._most_jobs)}"

    def _number(self, client: TmsClient, batch_id: str, most_jobs: int) -> int:
        pattern = re.compile(rf"(?<!\w){re.escape(batch_id)}-(\d{{1,9}})(?![\w-])")
        numbered = [
            (int(found[1]), project["uid"])
            # Archived ones are full, too.
            for project in client.projects.list(f"{batch_id}-", archived=True)
            if (found := pattern.search(project.get("name") or ""))
        ]
        number, uid = max(numbered, default=(1, None))
        is_full = uid is not None and client.jobs.count(uid, 1, list(JobStatus)) >= most_jobs
        return number + is_full
