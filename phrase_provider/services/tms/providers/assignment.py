"""Assigning jobs in all their workflow steps: what has nobody gets a provider, once; the rest is named."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from phrase_provider.api.tms.assignments import MOST_PARTS
from phrase_provider.api.tms.job_status import DONE, ENDED
from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.services.tms.parallel import batches
from phrase_provider.waiting.tms.job_texts import listing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from phrase_provider.services.tms.providers.step_parts import StepPart, StepParts
    from phrase_provider.waiting.conditions import Logger


class Skipped(StrEnum):
    """Why a job part was not assigned."""

    ASSIGNED = "already assigned"
    ENDED = "completed, delivered or cancelled"
    IMPORT_RUNNING = "import running"
    IMPORT_FAILED = "import failed"
    DELETED = "deleted"
    NOBODY_NAMED = "no provider is named for its language and step"
    UNKNOWN = "unknown"


#: Reasons that nobody has to see to.
EXPECTED = frozenset({Skipped.ASSIGNED, Skipped.ENDED, Skipped.IMPORT_RUNNING})


class Providers(Protocol):
    """Who is to be assigned: the providers of a template, or those that somebody has named."""

    def names_somebody(self, part: StepPart) -> bool:
        """Return whether there is a provider for a job part."""

    def assign(self, parts: Sequence[StepPart]) -> set[str]:
        """
        Assign job parts that have nobody, and return the uids of those that were assigned.

        :param parts: at most :data:`~phrase_provider.api.tms.assignments.MOST_PARTS`.
        """


class Outcome:
    """
    What became of the parts of some jobs.

    :ivar assigned: number of those that were assigned.
    :ivar skipped: the others, by reason, as texts for people.
    :ivar running: those of which the import goes on.
    """

    def __init__(self) -> None:
        self.assigned = 0
        self.skipped: defaultdict[Skipped, list[str]] = defaultdict(list)
        self.running: list[StepPart] = []

    def skip(self, reason: Skipped, part: StepPart) -> None:
        """Note a job part that was not assigned."""
        self.skipped[reason].append(part.name)
        if reason is Skipped.IMPORT_RUNNING:
            self.running.append(part)

    def counts(self) -> dict[str, int]:
        """Return how many were skipped, by reason."""
        return {reason.value: len(self.skipped[reason]) for reason in Skipped if self.skipped[reason]}

    def log(self, logger: Logger, project_uid: str) -> None:
        """
        Log how many were assigned and skipped, and by name what somebody has to see to.

        :param logger: of the task.
        :param project_uid: of the jobs.
        """
        counts = "".join(f"; {count} skipped: {reason}" for reason, count in self.counts().items())
        logger.info("Project %s: %d job parts assigned%s.", project_uid, self.assigned, counts)
        for reason in Skipped:
            if self.skipped[reason] and reason not in EXPECTED:
                logger.warning("Not assigned (%s): %s.", reason, listing(self.skipped[reason]))


class ProjectAssignment:
    """
    Assigns jobs of one project.

    :param parts: reads the jobs.
    :param providers: who is to be assigned.
    """

    def __init__(self, parts: StepParts, providers: Providers) -> None:
        self._parts = parts
        self._providers = providers

    def run(self, job_uids: Collection[str] | None, filenames: Collection[str] = ()) -> Outcome:
        """
        Assign what is imported and has nobody; why something was skipped is found by reading it again.

        :param job_uids: uids of any part of the jobs; None: all jobs of the project.
        :param filenames: the names of all their files; empty where they are not known.
        """
        outcome = Outcome()
        found = self._parts.read(job_uids, filenames)
        outcome.skipped[Skipped.DELETED] = [f"job {uid}" for uid in job_uids or () if uid not in found]
        unassigned = []
        for part in found.values():
            if reason := _reason(part):
                outcome.skip(reason, part)
            else:
                unassigned.append(part)
        assigned = self._assign(unassigned)
        outcome.assigned = len(assigned)
        self._name_skipped([part for part in unassigned if part.uid not in assigned], outcome)
        return outcome

    def _assign(self, parts: Iterable[StepPart]) -> set[str]:
        # The steps of a job stay together, in the order in which the files were uploaded.
        ordered = sorted(parts, key=lambda part: (part.number, str(part.job), part.level))
        return {uid for some in batches(ordered, MOST_PARTS) for uid in self._assign_some(some)}

    def _assign_some(self, parts: Sequence[StepPart]) -> set[str]:
        try:
            return self._providers.assign(parts)
        except PhraseNotFoundError:
            # One that was deleted a moment ago must not hold the others back.
            now = self._parts.read_again(parts)
            there = [part for part in parts if part.uid in now]
            if len(there) == len(parts):
                raise
            return self._assign_some(there) if there else set()

    def _name_skipped(self, skipped: Collection[StepPart], outcome: Outcome) -> None:
        now = self._parts.read_again(skipped)
        for part in skipped:
            outcome.skip(self._reason_now(now.get(part.uid), part), part)

    def _reason_now(self, now: StepPart | None, part: StepPart) -> Skipped:
        if now is None:
            return Skipped.DELETED
        named = self._providers.names_somebody(part)
        return _reason(now) or (Skipped.UNKNOWN if named else Skipped.NOBODY_NAMED)


def _reason(part: StepPart) -> Skipped | None:
    """Return why a job part cannot be assigned; None: it can."""
    if part.import_state == "ERROR":
        return Skipped.IMPORT_FAILED
    if part.import_state != "OK":
        return Skipped.IMPORT_RUNNING
    if part.assigned:
        return Skipped.ASSIGNED
    return Skipped.ENDED if part.status in DONE | ENDED else None
