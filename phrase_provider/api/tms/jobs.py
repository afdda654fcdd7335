"""The resource of jobs: one job part for each file, target language and workflow level."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.fields import text, whole_number
from phrase_provider.api.session import Call
from phrase_provider.api.tms import projects
from phrase_provider.api.tms.job_parts import LEVEL, file_of, is_split, job_of, level_of, owner_of
from phrase_provider.api.tms.pages import iterate, read_page
from phrase_provider.exceptions import PhraseNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phrase_provider.api.endpoint import Query
    from phrase_provider.api.session import Opener, PhraseSession
    from phrase_provider.api.tms.job_request import JobRequest
    from phrase_provider.api.tms.job_status import JobStatus
    from phrase_provider.api.tms.models import (
        JobListDtoV1,
        JobPart,
        JobPartExtendedDtoV1,
        JobPartReferenceV2,
        ProjectDtoV1,
        SearchJobsDtoV1,
    )
    from phrase_provider.api.tms.pages import Page

CREATE = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs", Repeat.LOOK_UP, success=201)
GET = Endpoint("GET", "/api2/v1/projects/{project_uid}/jobs/{job_uid}", success=200)
LIST = Endpoint("GET", "/api2/v2/projects/{project_uid}/jobs", success=200)
DELETE = Endpoint("DELETE", "/api2/v1/projects/{project_uid}/jobs/batch", success=204)
SEARCH = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs/search", success=200)
PARTS = Endpoint("GET", "/api2/v1/projects/{project_uid}/jobs/{job_uid}/parts", optional=True)
ORIGINAL = Endpoint("GET", "/api2/v1/projects/{project_uid}/jobs/{job_uid}/original", success=200)
SET_STATUS = Endpoint(
    "POST", "/api2/v1/projects/{project_uid}/jobs/{job_uid}/setStatus", Repeat.LOOK_UP, success=204
)

#: Up to here, reading job parts one by one is cheaper than reading a list of every level.
FEW = 3
#: Job parts in one search.
MAX_SEARCHED = 50


class Jobs:
    """
    Jobs of projects.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def create(self, project_uid: str, request: JobRequest, source: Opener) -> JobListDtoV1:
        """
        Upload a file and start its import. Words are charged here, for each language.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs``.

        :param project_uid: uid.
        :param request: languages, name and settings.
        :param source: opens the file; called again when a refused upload is sent again.
        :return: ``{asyncRequest: {id}, jobs: [...], unsupportedFiles: [...]}``; a file type that
            Phrase does not know comes back in ``unsupportedFiles``, with no job.
        :raises PhraseOutcomeUnknownError: it may or may not have been created.
        """
        call = Call(
            CREATE, {"project_uid": project_uid}, headers=request.headers(), upload=source, expect=("jobs",)
        )
        created: JobListDtoV1 = self._session.json(call)
        return created

    def get(self, project_uid: str, job_uid: str) -> JobPartExtendedDtoV1:
        """
        Return a job part.

        Source: ``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}``.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :raises PhraseNotFoundError: there is no such job.
        """
        part: JobPartExtendedDtoV1 = self._session.json(
            Call(GET, {"project_uid": project_uid, "job_uid": job_uid}, expect=("uid",))
        )
        return part

    def find(self, project_uid: str, job_uid: str) -> JobPartExtendedDtoV1 | None:
        """
        Return a job part, or None: it may have been deleted.

        Source: as :meth:`get`.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        """
        try:
            return self.get(project_uid, job_uid)
        except PhraseNotFoundError:
            return None

    def list(
        self,
        project_uid: str,
        *,
        levels: Iterable[int] | None = None,
        filename: str | None = None,
        target_lang: str | None = None,
        statuses: Sequence[JobStatus] | None = None,
    ) -> Iterator[JobPartReferenceV2]:
        """
        Yield the job parts of a project, split ones included.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, which gives one level per call and
        level 1 unless told otherwise.

        :param project_uid: uid.
        :param levels: workflow levels; default all of the project's.
        :param filename: only parts of files with this name.
        :param target_lang: only parts of this language (Phrase code).
        :param statuses: only parts in one of these; a part that moves meanwhile may be missing.
        """
        for level in self.get_levels(project_uid) if levels is None else levels:
            query: Query = {
                LEVEL: level,
                "filename": filename,
                "targetLang": target_lang,
                "status": statuses,
            }
            yield from iterate(self._session, LIST, {"project_uid": project_uid}, query)

    def search(self, project_uid: str, job_uids: Sequence[str]) -> Sequence[JobPartExtendedDtoV1]:
        """
        Return those of some job parts that a project has, nearly as each is read alone.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs/search``, 50 parts a call.

        :param project_uid: uid.
        :param job_uids: uids of the parts.
        """
        found: list[JobPartExtendedDtoV1] = []
        for start in range(0, len(job_uids), MAX_SEARCHED):
            body = {"jobs": [{"uid": job_uid} for job_uid in job_uids[start : start + MAX_SEARCHED]]}
            call = Call(SEARCH, {"project_uid": project_uid}, body=body, expect=("jobs",))
            result: SearchJobsDtoV1 = self._session.json(call)
            found += result["jobs"]
        return found

    def count(
        self,
        project_uid: str,
        level: int,
        statuses: Sequence[JobStatus],
        *,
        due_in_hours: int | None = None,
    ) -> int:
        """
        Return how many job parts of a workflow level are in one of several statuses.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs`` with ``count``, which gives no parts.

        :param project_uid: uid.
        :param level: workflow level.
        :param statuses: at least one.
        :param due_in_hours: only parts that are due until then, also long ago; None: all.
        :raises PhraseServerError: the answer has no such number.
        """
        query: Query = {
            LEVEL: level,
            "status": statuses,
            "dueInHours": due_in_hours,
            "count": "true",
            "pageSize": 1,
        }
        page = self._session.json(Call(LIST, {"project_uid": project_uid}, query, expect=("totalElements",)))
        return whole_number(page["totalElements"], f"totalElements of the jobs of project {project_uid}")

    def get_page(
        self, project_uid: str, level: int, number: int, *, target_lang: str | None = None
    ) -> Page[JobPartReferenceV2]:
        """
        Return one page of the job parts of a project, split ones included.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``.

        :param project_uid: uid.
        :param level: workflow level.
        :param number: from 0; a page after the last is empty.
        :param target_lang: only parts of this language (Phrase code).
        :return: at most 50 parts, and the number of pages.
        """
        query = {LEVEL: level, "targetLang": target_lang}
        return read_page(self._session, LIST, number, {"project_uid": project_uid}, query)

    def get_page_of_not_imported(self, project_uid: str, number: int) -> Page[JobPartReferenceV2]:
        """
        Return one page of the job parts of a project that are not imported: it goes on, or it has failed.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs`` with ``notReady``, of the first workflow level: a
        file is imported for all levels at once.

        :param project_uid: uid.
        :param number: from 0; a page after the last is empty.
        :return: at most 50 parts, and the number of pages.
        """
        query: Query = {"notReady": "true", LEVEL: 1}
        return read_page(self._session, LIST, number, {"project_uid": project_uid}, query)

    def get_levels(self, project_uid: str) -> Sequence[int]:
        """
        Return the workflow levels of a project, ascending; ``[1]`` for one without workflow steps.

        Source: ``GET /api2/v1/projects/{projectUid}``.

        :param project_uid: uid.
        """
        project: ProjectDtoV1 = self._session.json(
            Call(projects.GET, {"project_uid": project_uid}, expect=("uid",))
        )
        return projects.workflow_levels(project)

    def list_highest(self, project_uid: str) -> Iterator[JobPartReferenceV2]:
        """
        Yield the job parts of a project's highest workflow level: the ones to export.

        Source: ``GET /api2/v1/projects/{projectUid}`` for the levels, ``GET
        /api2/v2/projects/{projectUid}/jobs`` for the parts.

        :param project_uid: uid.
        """
        return self.list(project_uid, levels=[max(self.get_levels(project_uid))])

    def get_many(
        self, project_uid: str, job_uids: Sequence[str], *, with_split_parts: bool = False
    ) -> Sequence[JobPart]:
        """
        Return job parts, read one by one when they are few, from the project's list when they are many.

        Source: ``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}`` for up to three, ``GET
        /api2/v2/projects/{projectUid}/jobs`` for more.

        :param project_uid: uid.
        :param job_uids: uids of the parts.
        :param with_split_parts: give all parts of a split job for any one of them.
        :return: a part for each uid, with ``uid``, ``status`` and ``importStatus``.
        :raises PhraseNotFoundError: one of them does not exist.
        """
        if len(job_uids) <= FEW:
            found: Sequence[JobPart] = [self.get(project_uid, job_uid) for job_uid in job_uids]
        else:
            found = self._from_list(project_uid, job_uids)
        return self._with_split_parts(project_uid, found) if with_split_parts else found

    def list_all_parts(self, project_uid: str, job_uids: Sequence[str] | None) -> Iterator[JobPart]:
        """
        Yield all parts of jobs: those of every workflow step, and of every split.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, read as a whole unless all jobs are wanted.

        :param project_uid: uid.
        :param job_uids: uids of any of the parts; None: all jobs of the project.
        """
        if job_uids is None:
            yield from self.list(project_uid)
            return
        listed = list(self.list(project_uid))
        wanted = {job_of(part) for part in listed if part.get("uid") in job_uids}
        yield from (part for part in listed if job_of(part) in wanted)

    def get_parts(self, project_uid: str, job_uid: str) -> Sequence[JobPart]:
        """
        Return the parts that belong to a job part's file, language and level: more than one if split.

        Source: ``GET …/jobs/{jobUid}/parts``, which only the plugin guides name; where Phrase does
        not serve it (404) or answers otherwise than guessed, the documented reads.

        :param project_uid: uid.
        :param job_uid: uid of any of the parts.
        :raises PhraseNotFoundError: there is no such job.
        """
        try:
            told = _parts_in(
                self._session.json(Call(PARTS, {"project_uid": project_uid, "job_uid": job_uid}))
            )
        except PhraseNotFoundError:
            told = []
        own = next((part for part in told if part.get("uid") == job_uid), None)
        # No reference describes the answer: where it does not show the part, the documented reads do.
        if own is None:
            return self._siblings(project_uid, self.get(project_uid, job_uid))
        return [part for part in told if level_of(part) == level_of(own)]

    def set_status(
        self,
        project_uid: str,
        job_uid: str,
        status: JobStatus,
        *,
        notify_owner: bool = False,
        propagate_status: bool = False,
    ) -> None:
        """
        Move a job part to a status.

        Source: ``POST …/jobs/{jobUid}/setStatus``, answered with 204.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :param status: the new status.
        :param notify_owner: mail the owners of project and job.
        :param propagate_status: move the neighbouring workflow steps, and mail their providers.
        :raises PhraseOutcomeUnknownError: read the status before sending it again: mails may have gone.
        """
        body = {
            "requestedStatus": status.value,
            "notifyOwner": notify_owner,
            "propagateStatus": propagate_status,
        }
        self._session.json(Call(SET_STATUS, {"project_uid": project_uid, "job_uid": job_uid}, body=body))

    def delete(self, project_uid: str, job_uids: Sequence[str]) -> None:
        """
        Delete job parts, into the recycle bin. The words stay charged.

        Source: ``DELETE /api2/v1/projects/{projectUid}/jobs/batch``.

        :param project_uid: uid.
        :param job_uids: uids of the parts, at most 100.
        :raises PhraseNotFoundError: one of them does not exist.
        """
        body = {"jobs": [{"uid": job_uid} for job_uid in job_uids]}
        self._session.json(Call(DELETE, {"project_uid": project_uid}, body=body))

    @contextmanager
    def open_original(self, project_uid: str, job_uid: str) -> Iterator[Iterator[bytes]]:
        """
        Open the source file of a job part for reading, in chunks of at most 1 MiB.

        Source: ``GET …/jobs/{jobUid}/original``.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :raises PhraseTransportError: it broke off or is not whole, also while the chunks are read.
        """
        with self._session.stream(Call(ORIGINAL, {"project_uid": project_uid, "job_uid": job_uid})) as body:
            yield body.iter_chunks()

    def _from_list(self, project_uid: str, job_uids: Sequence[str]) -> Sequence[JobPart]:
        listed = _by_uid(self.list(project_uid))
        # Absence from a page proves nothing (parts move between pages): the single read decides.
        return [listed.get(uid) or self.get(project_uid, uid) for uid in job_uids]

    def _with_split_parts(self, project_uid: str, found: Sequence[JobPart]) -> Sequence[JobPart]:
        all_parts = {text(part, "uid", "a job of the project"): part for part in found}
        for uid, part in list(all_parts.items()):
            if is_split(part):
                all_parts |= {
                    text(other, "uid", f"a part of job {uid}"): other
                    for other in self.get_parts(project_uid, uid)
                }
        return list(all_parts.values())

    def _siblings(self, project_uid: str, part: JobPart) -> Sequence[JobPart]:
        listed = [
            other
            for other in self.list(
                project_uid,
                levels=[level_of(part)],
                filename=part.get("filename"),
                target_lang=text(part, "targetLang", owner_of(part)),
            )
            if file_of(other) == file_of(part)
        ]
        return listed or [part]


def _parts_in(answer: object) -> Sequence[JobPart]:
    """Take the list out of an answer that is one or has one, under any name; nothing of several pages."""
    if isinstance(answer, dict):
        if answer.get("totalPages", 1) not in (0, 1):
            return []
        answer = next((value for value in answer.values() if isinstance(value, list)), [])
    return (
        [cast("JobPart", part) for part in answer if isinstance(part, dict)]
        if isinstance(answer, list)
        else []
    )


def _by_uid(parts: Iterable[JobPart]) -> dict[str, JobPart]:
    """Return parts by uid; one without concerns nobody who asks for uids."""
    named = (part for part in parts if isinstance(part, dict) and isinstance(part.get("uid"), str))
    return {part["uid"]: part for part in named}
