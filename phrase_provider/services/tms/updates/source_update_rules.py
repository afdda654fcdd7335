"""Which jobs can get a new source: Phrase's rules, checked before anything is sent."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.tms.job_parts import is_continuous, is_from_connector, is_split, level_of
from phrase_provider.api.tms.job_status import DONE, ENDED, JobStatus
from phrase_provider.files.names import is_zip_name
from phrase_provider.services.tms.job_search import failed

if TYPE_CHECKING:
    from phrase_provider.services.tms.updates.source_jobs import SourceJob

#: Statuses of a part that nobody has begun to work on.
_NOT_BEGUN = frozenset({JobStatus.NEW, JobStatus.EMAILED})


class Verdict(Enum):
    """What can be done with the job of a changed file."""

    #: Its source can be updated, once no step is in a final status.
    UPDATE = "update"
    #: It is cancelled: nobody wants the translation.
    LEAVE_OUT = "leave out"
    #: Phrase updates no such job.
    UNFIT = "unfit"
    #: There is nothing to update: the file needs a job.
    MISSING = "missing"


class Judgement(NamedTuple):
    """
    A verdict with its reason.

    :param verdict: what can be done.
    :param reason: the end of a sentence that begins with the job; empty where it can be updated.
    """

    verdict: Verdict
    reason: str = ""


def judge(job: SourceJob, filename: str, *, archived: bool) -> Judgement:
    """
    Return whether a job can get a new source.

    Source: "Job restrictions" and "File restrictions" of ``POST …/jobs/source``. What the API does not show,
    Phrase refuses: whether a file is multilingual, and has another language that is cancelled.

    :param job: as it is now.
    :param filename: of the new source.
    :param archived: whether its project is.
    """
    if archived:
        return Judgement(Verdict.MISSING, "is in an archived project")
    if not job.parts:
        return Judgement(Verdict.MISSING, "was deleted in Phrase")
    if any(part["status"] in ENDED for part in job.parts):
        return Judgement(Verdict.LEAVE_OUT, "is cancelled")
    if any(failed(part) for part in job.parts):
        return Judgement(Verdict.MISSING, "has a source that Phrase could not import")
    if reason := _unfit(job, filename):
        return Judgement(Verdict.UNFIT, reason)
    return Judgement(Verdict.UPDATE)


def reopening(job: SourceJob) -> dict[str, tuple[str, JobStatus]]:
    """
    Return the changes of status without which a job's source cannot be updated.

    Where any step is in a final status, the first is reopened, and the later ones start anew after it.

    :param job: as it is now.
    :return: former and new status by uid of the part; empty where no step is in a final status.
    """
    if not any(part["status"] in DONE for part in job.parts):
        return {}
    changes: dict[str, tuple[str, JobStatus]] = {}
    for part in job.parts:
        is_first = level_of(part) == level_of(job.first)
        if is_first and part["status"] in DONE:
            changes[part["uid"]] = part["status"], JobStatus.ACCEPTED
        elif not is_first and part["status"] not in _NOT_BEGUN:
            changes[part["uid"]] = part["status"], JobStatus.NEW
    return changes


def is_worked_on(job: SourceJob) -> bool:
    """Return whether somebody may be translating: a part is neither done nor still to be begun."""
    return any(part["status"] not in DONE | ENDED | _NOT_BEGUN for part in job.parts)


def _unfit(job: SourceJob, filename: str) -> str:
    if is_zip_name(filename):
        return "is of a ZIP archive"
    if any(is_split(part) for part in job.parts):
        return "is split"
    if any(is_continuous(part) for part in job.parts):
        return "is continuous: Phrase renews it by itself"
    if any(is_from_connector(part) for part in job.parts):
        return "is from a connector"
    return ""
