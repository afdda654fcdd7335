"""Waiting until imports have ended, for those who go on with what is there and wait again for the rest."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from phrase_provider.api.tms.job_facts import Unreadable, facts_or_error
from phrase_provider.exceptions import PhraseError, PhraseNotFoundError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import PollKey, Reader, outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.readers import Ask

#: Seconds after which one import that has ended is worth the work, though most still run.
PATIENCE = 300.0


class ImportsSeen(NamedTuple):
    """
    What a poll showed of the imports that are waited for.

    :param running: number of those that go on.
    :param ended: number of those that do not.
    :param is_due: whether the wait is over.
    """

    running: int
    ended: int
    is_due: bool


@dataclass(frozen=True, slots=True)
class ImportsEnded(Condition):
    """
    Imports have ended, well or not: half of them, or any :data:`PATIENCE` seconds after the wait began.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs`` with ``notReady``. What its pages do not show counts
    as ended: who waits reads the jobs again, and waits once more if a page was wrong.

    :param job_uids: by project, uids of job parts of the first workflow level whose files are imported.
    :param earliest: epoch seconds before which the wait does not end.
    """

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK
    job_uids: Mapping[str, Sequence[str]]
    earliest: float

    @property
    def title(self) -> str:
        return f"the end of {sum(map(len, self.job_uids.values()))} imports"

    def poll_key(self) -> PollKey:
        return PollKey("imports under way", ImportsUnderWay)

    def read(self, client: TmsClient) -> ImportsSeen:
        return self.seen({uid for project_uid in self.job_uids for uid in _running_in(client, project_uid)})

    def seen(self, running: Collection[str]) -> ImportsSeen:
        """
        Return what running imports mean for the wait now.

        :param running: uids of job parts, at least of the projects that are waited for.
        """
        awaited = [uid for uids in self.job_uids.values() for uid in uids]
        going_on = sum(uid in running for uid in awaited)
        ended, now = len(awaited) - going_on, time.time()
        enough = ended >= going_on or (ended > 0 and now >= self.earliest + PATIENCE)
        return ImportsSeen(going_on, ended, enough and now >= self.earliest)

    def evaluate(self, found: ImportsSeen) -> PollResult:
        progress = f"imports: {found.running} of {found.running + found.ended} are running"
        return PollResult(found.is_due, progress, {"ended": found.ended})


class ImportsUnderWay(Reader):
    """Reads which imports of some projects are running: each page once for all that wait."""

    async def read(self, ask: Ask, conditions: Sequence[ImportsEnded]) -> Sequence[ImportsSeen | PhraseError]:
        projects = dict.fromkeys(uid for condition in conditions for uid in condition.job_uids)
        found = {project_uid: await _ask_running(ask, project_uid) for project_uid in projects}
        return [_seen(condition, found) for condition in conditions]


async def _ask_running(ask: Ask, project_uid: str) -> set[str] | PhraseError:
    running: set[str] = set()
    number, total = 0, 1
    while number < total:
        page = await outcome(ask, partial(_page, project_uid=project_uid, number=number))
        if isinstance(page, PhraseError):
            return page
        parts, total = page
        running |= parts
        number += 1
    return running


def _running_in(client: TmsClient, project_uid: str) -> set[str]:
    running: set[str] = set()
    number, total = 0, 1
    while number < total:
        parts, total = _page(client, project_uid=project_uid, number=number)
        running |= parts
        number += 1
    return running


def _page(client: TmsClient, *, project_uid: str, number: int) -> tuple[set[str], int]:
    """Return the running imports on a page, and the number of pages; a deleted project has none."""
    try:
        parts, total = client.jobs.get_page_of_not_imported(project_uid, number)
    except PhraseNotFoundError:
        return set(), 0
    return _running(parts), total


def _running(parts: Iterable[object]) -> set[str]:
    """Return the uids of those whose import has not failed; one that cannot be read may be running."""
    facts = [facts_or_error(part, with_status=False) for part in parts]
    return {
        str(part.uid if isinstance(part, Unreadable) else part["uid"])
        for part in facts
        if isinstance(part, Unreadable) or part["import_state"] == "RUNNING"
    }


def _seen(condition: ImportsEnded, found: Mapping[str, set[str] | PhraseError]) -> ImportsSeen | PhraseError:
    """Return what a wait is told, or why one of its projects could not be read."""
    running: set[str] = set()
    for project_uid in condition.job_uids:
        seen = found[project_uid]
        if isinstance(seen, PhraseError):
            return seen
        running |= seen
    return condition.seen(running)
