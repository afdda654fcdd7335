"""Jobs: one job part for each file, target language and workflow level."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.fields import (
    MOST_DIGITS,
    malformed,
    optional_record,
    optional_text,
    record,
    text,
    whole_number,
)
from phrase_provider.api.paging import iterate, read_page
from phrase_provider.api.session import Call
from phrase_provider.api.tms import projects
from phrase_provider.exceptions import PhraseNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phrase_provider.api.paging import Page
    from phrase_provider.api.session import Opener, PhraseSession
    from phrase_provider.api.tms.job_request import JobRequest
    from phrase_provider.api.tms.job_status import JobStatus

CREATE = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs", Repeat.LOOK_UP, success=201)
GET = Endpoint("GET", "/api2/v1/projects/{project_uid}/jobs/{job_uid}", success=200)
LIST = Endpoint("GET", "/api2/v2/projects/{project_uid}/jobs", success=200)
DELETE = Endpoint("DELETE", "/api2/v1/projects/{project_uid}/jobs/batch", success=204)
PARTS = Endpoint("GET", "/api2/v1/projects/{project_uid}/jobs/{job_uid}/parts", optional=True)
ORIGINAL = Endpoint("GET", "/api2/v1/projects/{project_uid}/jobs/{job_uid}/original", success=200)
SET_STATUS = Endpoint(
    "POST", "/api2/v1/projects/{project_uid}/jobs/{job_uid}/setStatus", Repeat.LOOK_UP, success=204
)

#: Up to here, reading job parts one by one is cheaper than reading a list of every level.
FEW = 3

#: The single read gives the level of a part on top, the list inside its step.
LEVEL = "workflowLevel"


def level_of(part: dict[str, Any]) -> int:
    """
    Return the workflow level of a job part, as any read of Phrase shows it; 1 without workflow.

    :raises PhraseServerError: it is there, and no number.
    """
    owner = _owner(part)
    step = optional_record(part, "workflowStep", owner) or {}
    return whole_number(part.get(LEVEL) or step.get(LEVEL) or 1, f"{LEVEL} of {owner}")


def is_split(part: dict[str, Any]) -> bool:
    """Tell whether a job part is one of several of the same file, as any read of Phrase shows it."""
    return bool(part.get("isParentJobSplit") or part.get("split"))


def job_number(part: dict[str, Any]) -> int:
    """Read a project's number of a job, which the parts of a file and language share; it grows."""
    # Splitting appends to it.
    number = str(part.get("innerId") or "").split(".", 1)[0]
    return int(number) if number.isdecimal() and len(number) <= MOST_DIGITS else 0


def workflow_levels(project: dict[str, Any]) -> list[int]:
    """
    List the workflow levels of a project, ascending; ``[1]`` for one without workflow steps.

    :raises PhraseServerError: one of them cannot be read.
    """
    owner = "a workflow step of the project"
    steps = project.get("workflowSteps") or []
    if not isinstance(steps, list):
        raise malformed("workflowSteps of the project", steps, "a list")
    return sorted(whole_number(record(step, owner).get(LEVEL), f"{LEVEL} of {owner}") for step in steps) or [
        1
    ]


class Jobs:
    """
    Creates, reads and moves jobs.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def create(self, project_uid: str, request: JobRequest, source: Opener) -> dict[str, Any]:
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
        created: dict[str, Any] = self._session.json(call)
        return created

    def get(self, project_uid: str, job_uid: str) -> dict[str, Any]:
        """
        Read one job part: status, importStatus, targetLang, workflowLevel, lastWorkflowLevel, …

        Source: ``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}``.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :raises PhraseNotFoundError: no such job.
        """
        part: dict[str, Any] = self._session.json(
            Call(GET, {"project_uid": project_uid, "job_uid": job_uid}, expect=("uid",))
        )
        return part

    def list(
        self,
        project_uid: str,
        *,
        levels: Iterable[int] | None = None,
        filename: str | None = None,
        target_lang: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """
        Yield the job parts of a project, split ones included.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, which gives one level per call and
        level 1 unless told otherwise.

        :param project_uid: uid.
        :param levels: workflow levels; default all of the project's.
        :param filename: only parts of files with this name.
        :param target_lang: only parts of this language (Phrase code).
        """
        for level in self.levels(project_uid) if levels is None else levels:
            query = {LEVEL: level, "filename": filename, "targetLang": target_lang}
            yield from iterate(self._session, LIST, {"project_uid": project_uid}, query)

    def page(self, project_uid: str, level: int, number: int) -> Page:
        """
        Read one page of the job parts of a project, split ones included.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``.

        :param project_uid: uid.
        :param level: workflow level.
        :param number: from 0.
        """
        return read_page(self._session, LIST, number, {"project_uid": project_uid}, {LEVEL: level})

    def levels(self, project_uid: str) -> Sequence[int]:
        """
        Read the workflow levels of a project, ascending.

        Source: ``GET /api2/v1/projects/{projectUid}``.

        :param project_uid: uid.
        """
        return workflow_levels(
            self._session.json(Call(projects.GET, {"project_uid": project_uid}, expect=("uid",)))
        )

    def list_highest(self, project_uid: str) -> Iterator[dict[str, Any]]:
        """
        Yield the job parts of a project's highest workflow level: the ones to export.

        :param project_uid: uid.
        """
        return self.list(project_uid, levels=[max(self.levels(project_uid))])

    def get_many(
        self, project_uid: str, job_uids: Sequence[str], *, with_split_parts: bool = False
    ) -> Sequence[dict[str, Any]]:
        """
        Read job parts: one by one when they are few, from the project's list when they are many.

        :param project_uid: uid.
        :param job_uids: uids of the parts.
        :param with_split_parts: give all parts of a split job for any one of them.
        :return: a part for each uid, with ``uid``, ``status`` and ``importStatus``.
        :raises PhraseNotFoundError: one of them does not exist.
        """
        if len(job_uids) <= FEW:
            found: Sequence[dict[str, Any]] = [self.get(project_uid, job_uid) for job_uid in job_uids]
        else:
            found = self._from_list(project_uid, job_uids)
        return self._with_split_parts(project_uid, found) if with_split_parts else found

    def list_all_parts(self, project_uid: str, job_uids: Sequence[str] | None) -> Sequence[dict[str, Any]]:
        """
        Read jobs with all their parts: those of every workflow step, and of every split.

        :param project_uid: uid.
        :param job_uids: uids of any of the parts; None: all jobs of the project.
        """
        listed = list(self.list(project_uid))
        if job_uids is None:
            return listed
        wanted = {_job_of(part) for part in listed if part.get("uid") in job_uids}
        return [part for part in listed if _job_of(part) in wanted]

    def parts(self, project_uid: str, job_uid: str) -> Sequence[dict[str, Any]]:
        """
        List the parts that belong to a job part's file, language and level: more than one if split.

        Source: ``GET …/jobs/{jobUid}/parts``, which only the plugin guides name; where Phrase does
        not serve it (404) or answers otherwise than guessed, the documented reads.

        :param project_uid: uid.
        :param job_uid: uid of any of the parts.
        :raises PhraseNotFoundError: no such job.
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
    def original(self, project_uid: str, job_uid: str) -> Iterator[Iterator[bytes]]:
        """
        Read the source file of a job part in pieces.

        Source: ``GET …/jobs/{jobUid}/original``.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :raises PhraseTransportError: it broke off or is not whole, also while the pieces are read.
        """
        with self._session.stream(Call(ORIGINAL, {"project_uid": project_uid, "job_uid": job_uid})) as body:
            yield body.iter_chunks()

    def _from_list(self, project_uid: str, job_uids: Sequence[str]) -> Sequence[dict[str, Any]]:
        listed = _by_uid(self.list(project_uid))
        # Absence from a page proves nothing (parts move between pages): the single read decides.
        return [listed.get(uid) or self.get(project_uid, uid) for uid in job_uids]

    def _with_split_parts(
        self, project_uid: str, found: Sequence[dict[str, Any]]
    ) -> Sequence[dict[str, Any]]:
        all_parts = {text(part, "uid", "a job of the project"): part for part in found}
        for uid, part in list(all_parts.items()):
            if is_split(part):
                all_parts |= {
                    text(other, "uid", f"a part of job {uid}"): other
                    for other in self.parts(project_uid, uid)
                }
        return list(all_parts.values())

    def _siblings(self, project_uid: str, part: dict[str, Any]) -> Sequence[dict[str, Any]]:
        listed = [
            other
            for other in self.list(
                project_uid,
                levels=[level_of(part)],
                filename=part.get("filename"),
                target_lang=text(part, "targetLang", _owner(part)),
            )
            if file_of(other) == file_of(part)
        ]
        return listed or [part]


def _parts_in(answer: Any) -> Sequence[dict[str, Any]]:
    """Take the list out of an answer that is one or has one, under any name; nothing of several pages."""
    if isinstance(answer, dict):
        if answer.get("totalPages", 1) not in (0, 1):
            return []
        answer = next((value for value in answer.values() if isinstance(value, list)), [])
    return [part for part in answer if isinstance(part, dict)] if isinstance(answer, list) else []


def file_of(part: dict[str, Any]) -> tuple[object, ...]:
    """Name the file, language and level of a job part: the same for all parts of a split job."""
    return level_of(part), *_job_of(part)


def _job_of(part: dict[str, Any]) -> tuple[object, ...]:
    owner = _owner(part)
    name, folder = (optional_text(part, field, owner) for field in ("filename", "originalFileDirectory"))
    return name, text(part, "targetLang", owner), job_number(part), folder


def _by_uid(parts: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return parts by uid; one without concerns nobody who asks for uids."""
    named = (part for part in parts if isinstance(part, dict) and isinstance(part.get("uid"), str))
    return {part["uid"]: part for part in named}


def _owner(part: dict[str, Any]) -> str:
    return f"job {part.get('uid')!s:.50}"
