"""The resource of mails to those who have jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.session import PhraseSession

#: Sent again, it would mail again.
NOTIFY = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs/notifyAssigned", Repeat.LOOK_UP, success=204)


class Notifications:
    """
    Mails to the providers of jobs.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def send(self, project_uid: str, job_uids: Sequence[str], email_template_id: str) -> None:
        """
        Mail the providers of job parts.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs/notifyAssigned``.

        :param project_uid: uid.
        :param job_uids: uids of the parts.
        :param email_template_id: id of one of the organization's email templates.
        :raises PhraseOutcomeUnknownError: they may or may not have been mailed.
        """
        body = {
            "jobs": [{"uid": job_uid} for job_uid in job_uids],
            "emailTemplate": {"id": email_template_id},
        }
        self._session.json(Call(NOTIFY, {"project_uid": project_uid}, body=body))
