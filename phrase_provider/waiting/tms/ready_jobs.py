"""Waiting for any of many jobs: counts of projects tell when enough of them are ready."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias, TypedDict, cast

from phrase_provider.api.tms.job_status import OPEN, JobStatus
from phrase_provider.exceptions import PhraseError
from phrase_provider.waiting.conditions import HUMAN_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import PollKey, Reader, outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.readers import Ask, Call

#: Ready jobs that end the wait at once.
ENOUGH = 100
#: Seconds that a ready job waits for others.
MAX_HOLD = 300.0
#: Seconds after which a change that made no job ready ends the wait: the counts may hide something.
MAX_DOUBT = 3600.0


class WatchedProject(TypedDict):
    """
    A project as a wait for any of its jobs knows it.

    ``level`` is its highest workflow level. ``own_open`` is how many open jobs are waited for. Those that are
    not are told apart by their number: ``own_completed`` are ``COMPLETED`` and belong to the wait, but are
    left for later; ``others_completed`` and ``others_open`` belong to others.
    """

    project_uid: str
    level: int
    own_open: int
    own_completed: int
    others_completed: int
    others_open: int


class JobsReadyLimits(TypedDict):
    """What a wait for any of many jobs is given, here or in the triggerer: see :class:`JobsReady`."""

    projects: list[WatchedProject]
    enough: int
    max_hold: float
    latest: float | None


class JobCounts(NamedTuple):
    """
    How many jobs of a project's highest workflow level are in which status.

    :param open: neither completed, delivered nor cancelled.
    :param completed: ``COMPLETED``.
    """

    open: int
    completed: int


class Readiness(NamedTuple):
    """
    What a poll showed of the jobs that are waited for.

    :param ready: number of those that are no longer open.
    :param open: number of those that are.
    :param is_due: whether the wait is over.
    """

    ready: int
    open: int
    is_due: bool


#: The counts of each project, or why they could not be read.
Outcome: TypeAlias = "Readiness | PhraseError"


class JobsReady(Condition):
    """
    Enough of many jobs are ready: as many as a batch has, or the first has been ready for some minutes, or
    none is open any more.

    A project needs two requests for each poll, however many jobs it has. What others do with its other jobs
    may end the wait early; a change that the numbers cannot tell ends it after an hour.

    Source: ``totalElements`` of ``GET /api2/v2/projects/{projectUid}/jobs`` with a filter on the status.

    :param projects: in which the jobs are.
    :param enough: ready jobs that end the wait at once.
    :param max_hold: seconds that a ready job waits for others.
    :param earliest: epoch seconds before which the wait does not end.
    :param latest: epoch seconds at which it ends anyway; None: never.
    """

    poll_interval: ClassVar[PollInterval] = HUMAN_WORK

    def __init__(
        self,
        projects: Sequence[WatchedProject],
        *,
        enough: int = ENOUGH,
        max_hold: float = MAX_HOLD,
        earliest: float = 0.0,
        latest: float | None = None,
    ) -> None:
        self.projects = projects
        self._enough = enough
        self._max_hold = max_hold
        self._earliest = earliest
        self._latest = latest
        self._ready_since: float | None = None
        self._first: Sequence[JobCounts] | None = None
        self._changed_since: float | None = None

    @property
    def title(self) -> str:
        number = sum(project["own_open"] for project in self.projects)
        return f"any of {number} jobs of {_projects(len(self.projects))} to be completed"

    def poll_key(self) -> PollKey:
        return PollKey("counts of jobs", CountsReader)

    def read(self, client: TmsClient) -> Readiness:
        return self.seen([counts_of(client, project) for project in self.projects])

    def seen(self, counts: Sequence[JobCounts]) -> Readiness:
        """
        Return what counts mean for the wait now.

        :param counts: of each project, in their order.
        """
        now = time.time()
        pairs = list(zip(self.projects, counts, strict=True))
        ready = sum(_ready(project, count) for project, count in pairs)
        still_open = sum(max(0, count.open - project["others_open"]) for project, count in pairs)
        self._ready_since = (self._ready_since or now) if ready else None
        self._note_change(counts, now)
        is_due = now >= self._earliest and (
            ready >= self._enough
            or (ready > 0 and (not still_open or _age(self._ready_since, now) >= self._max_hold))
            or _age(self._changed_since, now) >= MAX_DOUBT
            or (self._latest is not None and now >= self._latest)
        )
        return Readiness(ready, still_open, is_due)

    def evaluate(self, found: Readiness) -> PollResult:
        progress = f"{found.ready} ready, {found.open} open"
        if found.is_due:
            told = [dict(project) for project in self.projects]
            return PollResult(True, progress, {"ready": found.ready, "open": found.open, "projects": told})
        hold = "" if not found.ready else f"They wait for others, {self._max_hold / 60:.0f} min at most."
        return PollResult(False, progress, next_step=hold)

    def _note_change(self, counts: Sequence[JobCounts], now: float) -> None:
        if self._first is None:
            self._first = counts
        if counts != self._first and self._changed_since is None:
            self._changed_since = now


def watched_in(result: Mapping[str, object]) -> list[WatchedProject] | None:
    """
    Return the projects that a wait was given, from its result.

    :param result: of a wait for :class:`JobsReady`.
    :return: None where they cannot be read: then everything has to be looked at.
    """
    told = result.get("projects")
    if not isinstance(told, list) or not all(_is_watched(project) for project in told):
        return None
    return cast("list[WatchedProject]", told)


class CountsReader(Reader):
    """Reads the counts of each project once, for all waits that are for its jobs."""

    async def read(self, ask: Ask, conditions: Sequence[JobsReady]) -> Sequence[Outcome]:
        wanted = {_key(project): project for condition in conditions for project in condition.projects}
        found = await asyncio.gather(*(_ask(ask, project) for project in wanted.values()))
        counts = dict(zip(wanted, found, strict=True))
        return [_outcome(condition, counts) for condition in conditions]


def counts_of(client: TmsClient, project: WatchedProject) -> JobCounts:
    """
    Return the counts of a project; a job that moves on meanwhile is counted twice rather than not at all.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs``.
    """
    return JobCounts(*(call(client) for call in _calls(project)))


def _calls(project: WatchedProject) -> list[Call[int]]:
    """Return the calls for each field of :class:`JobCounts`."""

    def count(statuses: Sequence[JobStatus]) -> Call[int]:
        return lambda client: client.jobs.count(project["project_uid"], project["level"], statuses)

    return [count(OPEN), count([JobStatus.COMPLETED])]


async def _ask(ask: Ask, project: WatchedProject) -> JobCounts | PhraseError:
    counts = []
    for call in _calls(project):
        count = await outcome(ask, call)
        if isinstance(count, PhraseError):
            return count
        counts.append(count)
    return JobCounts(*counts)


def _outcome(condition: JobsReady, found: dict[tuple[str, int], JobCounts | PhraseError]) -> Outcome:
    counts = []
    for project in condition.projects:
        count = found[_key(project)]
        if isinstance(count, PhraseError):
            return count
        counts.append(count)
    return condition.seen(counts)


def _ready(project: WatchedProject, count: JobCounts) -> int:
    """Return how many jobs are ready: by those completed, or by those that are open no more."""
    completed = count.completed - project["own_completed"] - project["others_completed"]
    moved = project["own_open"] + project["others_open"] - count.open
    return max(0, completed, min(moved, project["own_open"]))


def _is_watched(project: object) -> bool:
    if not isinstance(project, dict) or not isinstance(project.get("project_uid"), str):
        return False
    numbers = WatchedProject.__annotations__.keys() - {"project_uid"}
    return all(type(project.get(name)) is int for name in numbers)


def _key(project: WatchedProject) -> tuple[str, int]:
    return project["project_uid"], project["level"]


def _age(since: float | None, now: float) -> float:
    return 0.0 if since is None else now - since


def _projects(number: int) -> str:
    return "1 project" if number == 1 else f"{number} projects"
