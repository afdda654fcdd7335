"""How a job part is described to people: file, language, workflow step, status, provider and due date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.dates import for_people, from_phrase_time
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from phrase_provider.api.tms.imports import ImportFacts
    from phrase_provider.api.tms.job_facts import JobFacts

#: Job parts that a line names; the others are counted.
NAMED = 10
#: Characters of a file name, and of another word from Phrase.
_FILE, _WORD = 120, 60

_WITH_PROVIDER = {
    "NEW": "new, assigned to",
    "EMAILED": "emailed to",
    "ACCEPTED": "accepted by",
    "DECLINED": "declined by",
    "REJECTED": "rejected, back with",
    "COMPLETED": "completed by",
}

#: What becomes of work that was sent back.
_NEXT_STEPS = {
    JobStatus.DECLINED: "Declined work waits for a provider: assign one in Phrase.",
    JobStatus.REJECTED: "Rejected work waits until it is completed again.",
}


def place_of(part: JobFacts) -> str:
    """Return where a job part belongs, such as ``returns.md (de), step 2 Revision``."""
    file = printable(part["filename"] or "a file without a name", _FILE)
    language = part["target_lang"]
    return ", ".join(filter(None, (f"{file} ({language})" if language else file, part["step"])))


def state_of(part: JobFacts) -> str:
    """
    Return a job part with its status, provider and due date, such as ``returns.md (de), step 2 Revision,
    declined by Anna Lind, due Fri 2026-12-04 17:00 UTC, job AbC``.
    """
    status, people = part["status"] or "", part["providers"]
    state = f"{_WITH_PROVIDER[status]} {people}" if people and status in _WITH_PROVIDER else status.lower()
    facts = (place_of(part), printable(state, 3 * _WORD), _due(part["due_date"]), named_uid(part))
    return ", ".join(filter(None, facts))


def named_uid(part: JobFacts) -> str:
    """Return the uid of a job part as people look for it: ``job AbC``."""
    return f"job {printable(part['uid'], _WORD)}"


def failure_reason(facts: ImportFacts) -> str:
    """Return why the import of a job part, or of an analysis, failed, fit to be printed."""
    reason = facts["import_error"]
    return printable(reason) if reason else "no reason given"


def next_steps(statuses: Collection[str]) -> str:
    """Return what becomes of work that was sent back; empty where none was."""
    return " ".join(text for status, text in _NEXT_STEPS.items() if status in statuses)


def unassigned(parts: Iterable[JobFacts]) -> str:
    """Return that new jobs have nobody who works on them, as far as Phrase shows; empty where all have."""
    number = sum(_has_nobody(part) for part in parts)
    if not number:
        return ""
    return f"Phrase shows nobody who is assigned to {number} of them: new jobs without provider stand still."


def _has_nobody(part: JobFacts) -> bool:
    return part["status"] == JobStatus.NEW and part["import_state"] == "OK" and not part["providers"]


def listing(texts: Sequence[str], most: int = NAMED) -> str:
    """
    Return texts in one line, those beyond a number only counted.

    :param texts: fit to be printed.
    :param most: that are shown.
    """
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return "; ".join(texts[:most]) + more


def number_of_jobs(job_uids: Sequence[str] | None) -> str:
    """
    Return how many jobs are waited for, such as ``job AbC``, ``3 jobs`` or ``all jobs``.

    :param job_uids: uids of job parts; None: all of the project.
    """
    if job_uids is None:
        return "all jobs"
    return f"job {job_uids[0]}" if len(job_uids) == 1 else f"{len(job_uids)} jobs"


def counts_of(counts: Mapping[str, int]) -> str:
    """Return numbers with what they count, such as ``2 COMPLETED, 1 NEW``; ``none yet`` without any."""
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "none yet"


def _due(due_date: str | None) -> str:
    if not due_date:
        return ""
    due = from_phrase_time(due_date)
    return f"due {for_people(due) if due else printable(due_date, _WORD)}"
