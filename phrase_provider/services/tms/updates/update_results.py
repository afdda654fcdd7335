"""What became of a changed file, for each of its languages."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping


class UpdateOutcome(StrEnum):
    """What became of a changed file in one language."""

    #: Its job has the new source.
    UPDATED = "updated"
    #: Its job is cancelled.
    LEFT_OUT = "left out"
    #: Phrase updates no such job.
    REFUSED = "refused"
    #: It failed.
    FAILED = "failed"
    #: There is no job that could be updated.
    NEEDS_JOB = "needs a new job"
    #: Somebody is translating it: it is updated later.
    HELD = "held"


class UpdateResult(TypedDict):
    """
    What became of a changed file in one language.

    ``sha256`` is of the source that the job has now, None where that did not change; ``status`` is that of
    the job as it was read after the update had ended; ``updated_at`` is Phrase's time. ``error`` is a
    sentence that says why there is no update, and ``can_pass`` whether it may succeed by itself later.
    """

    target_lang: str
    project_uid: str
    job_uid: str
    outcome: UpdateOutcome
    sha256: str | None
    added_words: int | None
    status: str | None
    updated_at: str | None
    error: str | None
    can_pass: bool


def update_result(
    target_lang: str,
    project_uid: str,
    job_uid: str,
    outcome: UpdateOutcome,
    error: str | None = None,
    *,
    can_pass: bool = False,
) -> UpdateResult:
    """Return the result of a language whose job did not get the new source."""
    return {
        "target_lang": target_lang,
        "project_uid": project_uid,
        "job_uid": job_uid,
        "outcome": outcome,
        "sha256": None,
        "added_words": None,
        "status": None,
        "updated_at": None,
        "error": error,
        "can_pass": can_pass,
    }


def results_of(
    project_uid: str,
    job_uids: Mapping[str, str],
    outcome: UpdateOutcome,
    error: str,
    *,
    can_pass: bool = False,
) -> list[UpdateResult]:
    """
    Return the same result for several languages.

    :param project_uid: uid.
    :param job_uids: by Phrase code.
    :param outcome: of all.
    :param error: a sentence that says why.
    :param can_pass: whether it may succeed by itself later.
    """
    return [
        update_result(lang, project_uid, uid, outcome, error, can_pass=can_pass)
        for lang, uid in job_uids.items()
    ]
