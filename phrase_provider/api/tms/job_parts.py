"""What a job part tells, whichever read of Phrase shows it: the reads name and place it differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.fields import MOST_DIGITS, optional_record, optional_text, text, whole_number
from phrase_provider.api.tms.job_status import JobStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.api.tms.models import (
        JobListDtoV1,
        JobPart,
        JobPartExtendedDtoV1,
        JobPartReferenceV2,
    )

#: Statuses that only a job has which somebody was assigned to.
ONLY_ASSIGNED = frozenset({JobStatus.EMAILED, JobStatus.ACCEPTED, JobStatus.DECLINED, JobStatus.REJECTED})
#: The single read gives the level of a part on top, the list inside its step.
LEVEL = "workflowLevel"


def level_of(part: Mapping[str, object]) -> int:
    """
    Return the workflow level of a job part, from 1; 1 without workflow.

    :param part: as any read of Phrase shows it.
    :raises PhraseServerError: it is there, and not a number.
    """
    owner = owner_of(part)
    step = optional_record(part, "workflowStep", owner) or {}
    return whole_number(part.get(LEVEL) or step.get(LEVEL) or 1, f"{LEVEL} of {owner}")


def is_split(part: Mapping[str, object]) -> bool:
    """
    Return whether a job part is one of several of the same file.

    :param part: as any read of Phrase shows it.
    """
    return bool(part.get("isParentJobSplit") or part.get("split"))


def is_continuous(part: JobPart) -> bool:
    """Return whether Phrase renews the source of a job part by itself."""
    return bool(part.get("continuous"))


def is_from_connector(part: JobPartReferenceV2) -> bool:
    """Return whether a connector brought the file of a job part, as the list of a project shows it."""
    return bool(part.get("remoteFile"))


def source_updated_at(part: JobPartExtendedDtoV1) -> str | None:
    """
    Return when the source of a job part was updated last, as Phrase writes it.

    :param part: as it is read alone; the list of a project does not show it.
    :return: a text that sorts by time (whole seconds); None: never, or Phrase does not show it.
    """
    return part.get("updateSourceDate") or None


def source_file_of(part: Mapping[str, object]) -> str:
    """
    Return the uid of the file that a job part has, which its languages share; elsewhere that of the part.

    :param part: as the list of a project shows it.
    """
    return str(part.get("sourceFileUid") or part["uid"])


def job_number(part: Mapping[str, object]) -> int:
    """
    Return a project's number of a job, which the parts of a file and language share; it grows.

    :param part: as any read of Phrase shows it.
    :return: 0 where Phrase shows none.
    """
    # Splitting appends to it.
    number = str(part.get("innerId") or "").split(".", 1)[0]
    return int(number) if number.isdecimal() and len(number) <= MOST_DIGITS else 0


def file_of(part: Mapping[str, object]) -> tuple[object, ...]:
    """
    Return what names the file, language and level of a job part: the same for all parts of a split job.

    :raises PhraseServerError: a field is missing or malformed; it is named.
    """
    return level_of(part), *job_of(part)


def job_of(part: Mapping[str, object]) -> tuple[object, ...]:
    """
    Return what names the file and language of a job part: the same in all its workflow steps.

    :raises PhraseServerError: a field is missing or malformed; it is named.
    """
    owner = owner_of(part)
    name, folder = (optional_text(part, field, owner) for field in ("filename", "originalFileDirectory"))
    return name, text(part, "targetLang", owner), job_number(part), folder


def is_assigned(part: Mapping[str, object]) -> bool:
    """
    Return whether Phrase shows that somebody has a job part.

    :param part: as any read of Phrase shows it. Providers are hidden from users who may not see linguists: so
        what is not shown may be there all the same.
    """
    return bool(part.get("providers")) or part.get("status") in ONLY_ASSIGNED


def target_lang_of(part: JobPart) -> str:
    """Return the target language of a job part, as a Phrase code; empty where Phrase shows none."""
    return part.get("targetLang") or ""


def folder_of(part: JobPart) -> str:
    """Return the folder that a job part's file was uploaded with; empty without one."""
    return part.get("originalFileDirectory") or ""


def created_at(part: JobPart) -> str:
    """Return when a job part was created, as a text that sorts by time (whole seconds); empty if unknown."""
    return part.get("dateCreated") or ""


def unsupported_files(created: JobListDtoV1) -> list[str]:
    """Return the names of the files that Phrase cannot import, from the answer to an upload."""
    return created.get("unsupportedFiles") or []


def owner_of(part: Mapping[str, object]) -> str:
    """Return how messages name a job part, such as ``job AbC``."""
    return f"job {part.get('uid')!s:.50}"
