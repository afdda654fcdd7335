"""Where the jobs of a lane are: read from pages of their projects' lists."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from phrase_provider.api.dates import from_phrase_time
from phrase_provider.api.tms.job_facts import Unreadable, facts_of, facts_or_error
from phrase_provider.api.tms.job_status import DONE, ENDED, OPEN, REWORK, JobStatus, least_far
from phrase_provider.exceptions import PhraseNotFoundError, PhraseServerError
from phrase_provider.services.tms.lane.targets import NO_MORE, SETTLED, State
from phrase_provider.services.tms.outcomes import GONE, IMPORT_FAILED
from phrase_provider.waiting.tms.job_texts import failure_reason
from phrase_provider.waiting.tms.ready_jobs import counts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_facts import JobFacts
    from phrase_provider.services.tms.lane.records import LaneRecords
    from phrase_provider.services.tms.lane.targets import Target
    from phrase_provider.waiting.tms.ready_jobs import WatchedProject

#: Statuses that a look between looks at everything asks for: what may be taken home, and what went wrong.
_MOVED = [JobStatus.COMPLETED, *sorted(ENDED), *sorted(REWORK)]


class ProjectStatuses:
    """
    Reads the jobs of one project for a lane.

    A look at everything reads each page of the highest workflow level. A look at what has moved reads only
    the pages of jobs that are completed, cancelled or sent back: what people deliver by hand, delete or fail
    to import in between shows in the counts, see :meth:`has_lost_any`.

    :param client: of the connection.
    :param project_uid: uid.
    :param targets: of the lane in this project.
    :param records: tell what is written.
    """

    def __init__(
        self, client: TmsClient, project_uid: str, targets: Sequence[Target], records: LaneRecords
    ) -> None:
        self._client = client
        self.project_uid = project_uid
        self._targets = {target.job_uid: target for target in targets}
        self._records = records
        self._level = 0
        self._others_completed = self._others_open = 0
        self._importing: set[str] = set()
        #: Open jobs past their due date; after a look at what has moved, also those of others.
        self.overdue = 0

    def look_at_all(self) -> None:
        """
        Note where each job is.

        Source: ``GET /api2/v1/projects/{projectUid}`` and ``GET /api2/v2/projects/{projectUid}/jobs``.
        """
        try:
            self._level = max(self._client.jobs.get_levels(self.project_uid))
        except PhraseNotFoundError:
            for target in self._targets.values():
                self._note_gone(target)
            return
        seen = self._note_listed(None)
        for uid, target in self._targets.items():
            if uid not in seen and target.state is not State.TAKEN_OVER:
                self._look_at(target)
        self.overdue = sum(map(_is_overdue, self._targets.values()))

    def recall(self) -> bool:
        """
        Set the states of the targets by what is recorded of them; sends nothing.

        :return: whether this try has nothing more to do with any of them.
        """
        for target in self._targets.values():
            target.status = target.listed_status = ""
            if target.state is not State.FAILED:
                self._records.recall(target)
        return self.is_settled

    def look_at_moved(self) -> None:
        """
        Note which jobs are completed, cancelled or sent back; after a look at everything, or a wait.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs`` with filters.
        """
        try:
            self._note_listed(_MOVED)
        except PhraseNotFoundError:
            # The whole project is gone, or so it seems.
            self.look_at_all()
            return
        self.overdue = self._client.jobs.count(self.project_uid, self._level, OPEN, due_in_hours=0)

    def find_completed(self, targets: Iterable[Target]) -> list[Target]:
        """
        Return those of some targets whose jobs are completed now, all their parts; note where the others are.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs/search``.

        :param targets: of this project.
        """
        left = {target.job_uid: target for target in targets}
        wanted = list(left.values())
        for part in self._client.jobs.search(self.project_uid, list(left)):
            facts = facts_or_error(part, with_status=True)
            if not isinstance(facts, Unreadable) and facts["uid"] in left:
                self._note(left.pop(facts["uid"]), facts)
        for target in left.values():
            # Not found, or not told in full: it is read alone.
            self._look_at(target)
        return [target for target in wanted if target.state is State.READY]

    @property
    def is_importing(self) -> bool:
        """Whether files of jobs are being imported, as far as was seen."""
        return bool(self._importing)

    @property
    def is_settled(self) -> bool:
        """Whether this try has nothing more to do with any of the targets."""
        return all(target.state in SETTLED for target in self._targets.values())

    def watched(self) -> WatchedProject:
        """Return what a wait for the open jobs has to know."""
        return {
            "project_uid": self.project_uid,
            "level": self._level,
            "own_open": self._count_open(),
            "own_completed": self._count_completed(besides=State.READY),
            "others_completed": self._others_completed,
            "others_open": self._others_open,
        }

    def resume(self, watched: WatchedProject) -> None:
        """Restore what a former look told, as :meth:`watched` returned it."""
        self._level, self._others_open = watched["level"], watched["others_open"]

    def has_lost_any(self, before: WatchedProject) -> bool:
        """
        Return whether jobs may have moved in a way that only a look at everything shows.

        To be called after a look at what has moved. Source: ``totalElements`` of ``GET
        /api2/v2/projects/{projectUid}/jobs``.

        :param before: what :meth:`watched` returned before the wait.
        """
        counts = counts_of(self._client, before)
        others = counts.open + counts.completed - self._count_open() - self._count_completed()
        self._others_open = max(0, others - self._others_completed)
        return others < before["others_open"] + before["others_completed"]

    def _count_open(self) -> int:
        waited_for = (target for target in self._targets.values() if target.state is State.OPEN)
        # A part of a split job may be completed while another is open.
        return sum(target.listed_status not in DONE for target in waited_for)

    def _count_completed(self, besides: State | None = None) -> int:
        own = [target for target in self._targets.values() if target.listed_status == JobStatus.COMPLETED]
        return sum(target.state not in (State.TAKEN_OVER, besides) for target in own)

    def _count_left_open(self) -> int:
        """Return how many jobs of the lane are open and not waited for: their files were not imported."""
        own = [target for target in self._targets.values() if target.listed_status in OPEN]
        return sum(target.state not in (State.TAKEN_OVER, State.OPEN) for target in own)

    def _note_listed(self, statuses: Sequence[JobStatus] | None) -> set[str]:
        """Note where the listed jobs are; return their uids."""
        self.recall()
        seen: set[str] = set()
        others: Counter[str] = Counter()
        for part in self._client.jobs.list(self.project_uid, levels=[self._level], statuses=statuses):
            facts = facts_or_error(part, with_status=True)
            # A part that moved between pages is on both.
            if isinstance(facts, Unreadable) or facts["uid"] in seen:
                continue
            seen.add(facts["uid"])
            target = self._targets.get(facts["uid"])
            if target is None or target.state is State.TAKEN_OVER:
                others[str(facts["status"])] += 1
            else:
                self._note(target, facts)
        self._others_completed = others[JobStatus.COMPLETED]
        if statuses is None:
            self._others_open = sum(others[status] for status in OPEN) + self._count_left_open()
        return seen

    def _look_at(self, target: Target) -> None:
        try:
            facts = facts_of(self._client.jobs.get(self.project_uid, target.job_uid), with_status=True)
        except PhraseNotFoundError:
            self._note_gone(target)
            return
        self._note(target, facts)
        if facts["level"] != self._level:
            target.state = State.FAILED
            target.error = f"job {target.job_uid} is not of the highest workflow level, {self._level}"

    def _note(self, target: Target, facts: JobFacts) -> None:
        """Note what a read shows of a target's job."""
        target.status = target.listed_status = str(facts["status"])
        target.due_date = facts["due_date"]
        if facts["file"] and target.status in DONE:
            self._note_split(target)
        if facts["import_state"] == "ERROR":
            target.status = IMPORT_FAILED
            target.error = f"Phrase could not import the file: {failure_reason(facts)}"
        (self._importing.add if facts["import_state"] == "RUNNING" else self._importing.discard)(facts["uid"])
        self._set_state(target, is_imported=facts["import_state"] == "OK")

    def _note_split(self, target: Target) -> None:
        parts = self._client.jobs.get_parts(self.project_uid, target.job_uid)
        target.part_uids = tuple(part["uid"] for part in parts)
        with suppress(PhraseServerError):
            target.status = least_far(str(part.get("status")) for part in parts)

    def _set_state(self, target: Target, *, is_imported: bool) -> None:
        if target.state is State.FAILED and target.status not in NO_MORE:
            return
        if target.status in NO_MORE:
            target.state = State.ENDED
            target.error = target.error or f"the job is {target.status.lower()} in Phrase"
        elif target.status == JobStatus.DELIVERED and self._records.is_written(target):
            target.state = State.DELIVERED
        elif self._records.is_taken_over(target):
            # That run has delivered it, and people have reopened it since.
            target.state = State.TAKEN_OVER
        elif target.status in DONE:
            # While a new source is being imported, the status is still that of the old one.
            target.state = State.READY if is_imported else State.ON_HOLD
        else:
            target.state = State.OPEN

    def _note_gone(self, target: Target) -> None:
        if target.state is not State.TAKEN_OVER:
            target.status, target.listed_status, target.state = GONE, "", State.ENDED
            target.error = "the job was deleted in Phrase"


def _is_overdue(target: Target) -> bool:
    due = from_phrase_time(target.due_date) if target.state is State.OPEN else None
    return due is not None and due < datetime.now(UTC)
