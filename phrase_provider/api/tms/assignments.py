"""The resource of assignments: the providers of a project template get jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.fields import malformed, record, text
from phrase_provider.api.session import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import ListOfJobParts

_ASSIGN = "/api2/v1/projects/{project_uid}/applyTemplate/{template_uid}/assignProviders"

#: Phrase skips who is assigned already, but mails might go twice while a first call is still under way.
ASSIGN_PROJECT = Endpoint("POST", _ASSIGN, Repeat.LOOK_UP, success=200)
ASSIGN_PARTS = Endpoint("POST", f"{_ASSIGN}/forJobParts", Repeat.LOOK_UP, success=200)

#: Job parts that one call may name.
MOST_PARTS = 100


class Assignments:
    """
    Assignments of jobs.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def assign_from_template(
        self, project_uid: str, template_uid: str, job_uids: Sequence[str] | None = None
    ) -> list[str]:
        """
        Assign the providers of a template to jobs, and notify them if the template says so.

        Phrase skips jobs that are assigned or accepted, and those whose import or source update runs, and
        does not say which, nor why. A template can be applied to a project with as many workflow steps.

        Source: ``POST …/applyTemplate/{templateUid}/assignProviders/forJobParts``; for a whole project the
        same without ``forJobParts``.

        :param project_uid: uid.
        :param template_uid: uid.
        :param job_uids: uids of job parts, at most :data:`MOST_PARTS`, each of one workflow step; None: all
            of the project.
        :return: uids of the job parts that were assigned.
        :raises PhraseOutcomeUnknownError: they may have been assigned and notified.
        """
        ids = {"project_uid": project_uid, "template_uid": template_uid}
        if job_uids is None:
            call = Call(ASSIGN_PROJECT, ids, expect=("jobs",))
        else:
            body = {"jobs": [{"uid": uid} for uid in job_uids]}
            call = Call(ASSIGN_PARTS, ids, body=body, expect=("jobs",))
        answer: ListOfJobParts = self._session.json(call)
        return _uids(answer["jobs"])


def _uids(parts: object) -> list[str]:
    owner = "a job that was assigned"
    if not isinstance(parts, list):
        raise malformed("jobs of the answer", parts, "a list")
    return [text(record(part, owner), "uid", owner) for part in parts]
