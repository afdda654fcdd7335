"""The resource of source updates: a new source file for jobs that are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call
from phrase_provider.api.tms.upload_headers import upload_headers
from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.session import Opener, PhraseSession
    from phrase_provider.api.tms.models import JobUpdateSourceResponseDtoV1

UPDATE = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs/source", Repeat.LOOK_UP, success=200)

#: Job parts in one call.
MAX_JOBS = 100


@dataclass(frozen=True, slots=True)
class SourceUpdateRequest:
    """
    A new source file of jobs: the ``Memsource`` header of ``POST …/projects/{projectUid}/jobs/source``.

    :param filename: of the file; not a ``.zip``.
    :param job_uids: parts of the first workflow step, not split or continuous or of a connector, and of jobs
        no part of which is in a final status.
    :param pre_translate: pre-translate after the import, with the project's settings.
    :param post_analysis: whether Phrase analyses the change; None: as the project says.
    :param callback_url: told when the import ends.
    """

    filename: str
    job_uids: Sequence[str]
    pre_translate: bool = False
    post_analysis: bool | None = None
    callback_url: str | None = None

    def headers(self) -> dict[str, str]:
        """
        Return the headers of the upload, all ASCII.

        :raises PhraseInputError: no job, or too many.
        """
        if not 1 <= len(self.job_uids) <= MAX_JOBS:
            raise PhraseInputError(
                f"{len(self.job_uids)} jobs cannot get a new source with one call",
                hint=f"Give 1 to {MAX_JOBS} at a time.",
            )
        memsource = {
            "jobs": [{"uid": job_uid} for job_uid in self.job_uids],
            "preTranslate": self.pre_translate or None,
            "allowAutomaticPostAnalysis": self.post_analysis,
            "callbackUrl": self.callback_url,
        }
        return upload_headers(self.filename, memsource)


class SourceUpdates:
    """
    Updates of source files.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def start(
        self, project_uid: str, request: SourceUpdateRequest, source: Opener
    ) -> JobUpdateSourceResponseDtoV1:
        """
        Send a new source file for jobs, and start its import. The jobs are not ready until it ends.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs/source``. Segments that did not change stay
        confirmed. All jobs of a multilingual file are updated, also those that are not named.

        :param project_uid: uid.
        :param request: jobs, name and settings.
        :param source: opens the file; called again when a refused request is sent again.
        :return: ``{asyncRequest: {id}, jobs: [{uid, targetLang}]}``.
        :raises PhraseValidationError: a job is in a final status, split, or may not be updated otherwise.
        :raises PhraseOutcomeUnknownError: it may or may not have been taken.
        """
        call = Call(
            UPDATE,
            {"project_uid": project_uid},
            headers=request.headers(),
            upload=source,
            expect=("asyncRequest",),
        )
        started: JobUpdateSourceResponseDtoV1 = self._session.json(call)
        return started
