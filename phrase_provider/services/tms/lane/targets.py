"""The targets of a lane: what they are, and how far each of them is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import ENDED, REWORK, JobStatus
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.names import shown
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.outcomes import GONE, IMPORT_FAILED
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.services.tms.job_list import ListedJob


class State(StrEnum):
    """How far a target is, for this try of the task."""

    #: People work on it, or nothing is known of it yet.
    OPEN = "open"
    #: It can be exported now.
    READY = "ready"
    #: It is completed, but its source is being imported, or it found no room: looked at again soon.
    ON_HOLD = "on hold"
    #: It is written and delivered.
    DELIVERED = "delivered"
    #: Nothing more comes of it: cancelled, deleted, or its file could not be imported.
    ENDED = "ended"
    #: It could not be taken home in this try.
    FAILED = "failed"
    #: A newer run has it.
    TAKEN_OVER = "taken over"


#: States in which this try has nothing more to do with a target.
SETTLED = frozenset({State.DELIVERED, State.ENDED, State.FAILED, State.TAKEN_OVER})
#: Statuses from which no work comes any more, in Phrase's words and in those of the package.
NO_MORE = frozenset({*ENDED, GONE, IMPORT_FAILED})


@dataclass(slots=True)
class Target:
    """
    A target file.

    :param project_uid: uid.
    :param job_uid: uid of a job part of the highest workflow level.
    :param key: of its line in the manifest.
    :param target_path: where it is written.
    :param sha256: of the source content that the job has; None where the list does not tell.
    :param words: of the source; None: not known.
    :param state: how far it is.
    :param status: of the job as last read, in Phrase's words or the package's; empty: not read.
    :param listed_status: of the part alone, as Phrase lists and counts it; empty: not read.
    :param due_date: of the job as last read, as Phrase writes it.
    :param part_uids: of all parts of its job, where that is split.
    :param error: why it is not delivered, for people.
    :param can_pass: whether another try may help a target that failed.
    :param attempts: exports that were started in this try.
    :param written_sha256: of the target file that was written last.
    """

    project_uid: str
    job_uid: str
    key: ManifestKey
    target_path: str
    sha256: str | None = None
    words: int | None = None
    state: State = State.OPEN
    status: str = ""
    listed_status: str = ""
    due_date: str | None = None
    part_uids: tuple[str, ...] = field(default=())
    error: str | None = None
    can_pass: bool = True
    attempts: int = 0
    written_sha256: str | None = None

    @property
    def is_rework(self) -> bool:
        """Whether its job was sent back."""
        return self.state is State.OPEN and self.status in REWORK

    @property
    def needs_status(self) -> bool:
        """Whether its job has to be set to ``DELIVERED`` once it is written."""
        return self.status != JobStatus.DELIVERED

    @property
    def uids(self) -> tuple[str, ...]:
        """The uids of all parts of its job."""
        return self.part_uids or (self.job_uid,)


def targets_of(rows: Iterable[ListedJob]) -> list[Target]:
    """
    Return the targets of a run, each job once.

    :param rows: those without a job, and those of deleted sources, give none.
    :raises PhraseInputError: a row does not tell where its target is written.
    """
    found: dict[str, Target] = {}
    for row in rows:
        job_uid = row.get("job_uid")
        if job_uid and row.get("outcome") != "deleted":
            found.setdefault(job_uid, _target(row, job_uid))
    return list(found.values())


def _target(row: ListedJob, job_uid: str) -> Target:
    target_path = row.get("target_path")
    if not target_path:
        raise PhraseInputError(
            f"Nobody says where the target of job {shown(job_uid)} is written",
            hint="Give rows with a target_path: a plan names it, or the task that writes the job list.",
        )
    return Target(
        project_uid=row["project_uid"],
        job_uid=job_uid,
        key=ManifestKey(composed(row["relative_path"]), row["target_lang"]),
        target_path=target_path,
        sha256=row.get("sha256") or None,
        words=row.get("words"),
    )
