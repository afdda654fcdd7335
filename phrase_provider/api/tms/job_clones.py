"""The resource of clones: jobs of a file in further languages, without a new upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import AReferenceToAJobPartWorkflowStepInstanceOfAJob, ListOfJobParts

#: No document tells the status of a success.
CREATE = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs/clone", Repeat.LOOK_UP)

#: Jobs in one call, as in Phrase's other calls for several jobs; the specification names no limit of this.
MAX_JOBS = 100


class JobClones:
    """
    Clones of jobs.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def create(
        self, project_uid: str, target_langs: Mapping[str, Sequence[str]]
    ) -> Sequence[AReferenceToAJobPartWorkflowStepInstanceOfAJob]:
        """
        Clone jobs into further languages of their project, in all workflow steps, and start their import.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs/clone``. Phrase refuses multilingual jobs, and with
        one of them all; whether it makes a second job in a language that a file has, it does not say.

        :param project_uid: uid.
        :param target_langs: Phrase codes by uid of the job part to clone, at most :data:`MAX_JOBS`.
        :return: the parts that were created, without the folders of their files.
        :raises PhraseOutcomeUnknownError: they may or may not have been created.
        """
        body = {
            "jobPartTargetLangs": [
                {"jobPart": {"uid": job_uid}, "targetLangs": list(langs)}
                for job_uid, langs in target_langs.items()
            ]
        }
        created: ListOfJobParts = self._session.json(
            Call(CREATE, {"project_uid": project_uid}, body=body, expect=("jobs",))
        )
        return created["jobs"]
