"""Reads the jobs of a project for all that wait for them: pages of their levels, or a few jobs alone."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from phrase_provider.api.tms.job_facts import Unreadable, facts_of, facts_or_error
from phrase_provider.api.tms.jobs import FEW
from phrase_provider.exceptions import PhraseError
from phrase_provider.waiting.readers import Reader, outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_facts import JobFacts
    from phrase_provider.waiting.readers import Ask

#: Polls after which the workflow levels of a project are read again.
LEVELS_EVERY = 10


class _OfJobs(Protocol):
    """A condition on jobs of one project."""

    @property
    def job_uids(self) -> Sequence[str] | None: ...


#: The parts that a wait is for, or why they could not be read.
Outcome: TypeAlias = "Sequence[JobFacts] | PhraseError"


class ProjectJobs(Reader):
    """
    Reads job parts of one project.

    Pages are unfiltered, since absence from a filtered one proves nothing; a part that no page shows is
    read alone. One that cannot be read is an error of those who wait for it, and of nobody else.

    :param project_uid: uid.
    :param for_status: whether statuses are awaited, not imports: then all parts of a split job count.
    """

    def __init__(self, project_uid: str, *, for_status: bool = False) -> None:
        self._for_status = for_status
        self._memory = _Memory(project_uid)

    async def read(self, ask: Ask, conditions: Sequence[_OfJobs]) -> Sequence[Outcome]:
        poll = _Poll(ask, self._memory, with_status=self._for_status)
        everything: Sequence[JobFacts] | PhraseError = ()
        if any(condition.job_uids is None for condition in conditions):
            everything = await poll.top_level()
        wanted = {uid for condition in conditions for uid in condition.job_uids or ()}
        await poll.find(wanted)
        if self._for_status:
            await poll.complete_splits(wanted)
        self._memory.keep(poll.seen, wanted)
        return [
            everything if condition.job_uids is None else poll.of(condition.job_uids)
            for condition in conditions
        ]


@dataclass
class _Memory:
    """
    What former polls taught.

    :param project_uid: uid.
    :param level_of: workflow level of each awaited part.
    :param pages: length of each level's list.
    :param whole: levels that are read to the end, since somebody waits for a split job.
    :param levels: of the project, ascending; None: not read yet.
    :param age: polls since they were read.
    """

    project_uid: str
    level_of: dict[str, int] = field(default_factory=dict)
    pages: dict[int, int] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    levels: Sequence[int] | None = None
    age: int = 0

    def keep(self, seen: dict[str, JobFacts | PhraseError], wanted: Iterable[str]) -> None:
        known = {uid: part for uid in wanted if isinstance(part := seen[uid], dict)}
        self.level_of = {uid: part["level"] for uid, part in known.items()}
        self.whole = {part["level"] for part in known.values() if part["file"]}

    def worth_listing(self, level: int, uids: Collection[str]) -> bool:
        return level in self.whole or len(uids) > max(FEW, self.pages.get(level, 1))


class _Poll:
    """One poll of a project; what it saw."""

    def __init__(self, ask: Ask, memory: _Memory, *, with_status: bool) -> None:
        self._ask = ask
        self._memory = memory
        self._with_status = with_status
        self._listed: set[int] = set()
        self._ended: set[int] = set()
        self._unreadable: defaultdict[int, list[Unreadable]] = defaultdict(list)
        self.seen: dict[str, JobFacts | PhraseError] = {}

    async def top_level(self) -> list[JobFacts] | PhraseError:
        """Return the parts of the highest workflow level; or why they are not all known."""
        levels = await self._levels()
        if isinstance(levels, PhraseError):
            return levels
        await self._list(levels[-1])
        unreadable = self._unreadable[levels[-1]]
        return unreadable[0].error if unreadable else self._at_level(levels[-1])

    async def find(self, wanted: Collection[str]) -> None:
        """See each part: on the pages of its level where that is cheaper, else alone."""
        by_level: defaultdict[int, set[str]] = defaultdict(set)
        for uid in self._left(wanted):
            # The list has level 1 unless another is asked for, and most projects have no other.
            by_level[self._memory.level_of.get(uid, 1)].add(uid)
        for level, uids in by_level.items():
            if self._memory.worth_listing(level, uids):
                await self._list(level, None if level in self._memory.whole else uids)
        await self._search({uid for uid in self._left(wanted) if uid not in self._memory.level_of})
        left = self._left(wanted)
        self.seen |= zip(left, await asyncio.gather(*map(self._one, left)), strict=True)

    async def complete_splits(self, wanted: Iterable[str]) -> None:
        """See the other parts of split jobs, on the pages of their level."""
        parts = [part for uid in wanted if isinstance(part := self.seen[uid], dict)]
        for level in {part["level"] for part in parts if part["file"]} - self._ended:
            await self._list(level)

    def _at_level(self, level: int) -> list[JobFacts]:
        """Return the parts of a level that was listed, in an order that stays."""
        parts = (part for part in self.seen.values() if isinstance(part, dict) and part["level"] == level)
        return sorted(parts, key=lambda part: str(part["uid"]))

    def of(self, uids: Sequence[str]) -> list[JobFacts] | PhraseError:
        """Return parts, and those that belong to the same split job; or the error of one of them."""
        found: dict[str, JobFacts] = {}
        for uid in uids:
            part = self.seen[uid]
            if isinstance(part, PhraseError):
                return part
            found[uid] = part
        split = [part for part in found.values() if part["file"]]
        files, levels = {part["file"] for part in split}, sorted({part["level"] for part in split})
        if unreadable := self._may_belong_to(split):
            return unreadable
        siblings = (part for level in levels for part in self._at_level(level))
        return list((found | {part["uid"]: part for part in siblings if part["file"] in files}).values())

    def _may_belong_to(self, split: Iterable[JobFacts]) -> PhraseError | None:
        """Return why a part that may be one of a split job cannot be read; None: there is none."""
        return next(
            (
                other.error
                for part in split
                for other in self._unreadable[part["level"]]
                if other.filename in (None, part["filename"])
            ),
            None,
        )

    async def _search(self, unknown: set[str]) -> None:
        """Look for many parts of unknown level in the lists that were not read yet."""
        if len(unknown) <= FEW:
            return
        levels = await self._levels()
        # Where the levels cannot be read, each part is read alone.
        for level in reversed(() if isinstance(levels, PhraseError) else levels):
            left = set(self._left(unknown))
            if left and level not in self._listed:
                await self._list(level, left)

    async def _list(self, level: int, wanted: Collection[str] | None = None) -> None:
        """
        Read the pages of a level, as long as that is cheaper than reading the rest one by one.

        :param wanted: parts that are looked for; None: all there are.
        """
        number, total, left = 0, 1, set(wanted or ())
        while number < total and (wanted is None or number == 0 or len(left) > total - number):
            parts, total = await self._page(level, number)
            self._take(level, parts)
            left -= self.seen.keys()
            number += 1
        self._memory.pages[level] = total
        self._listed.add(level)
        if number >= total:
            self._ended.add(level)

    def _take(self, level: int, parts: Iterable[JobFacts | Unreadable]) -> None:
        """Note what a page showed."""
        for part in parts:
            if not isinstance(part, Unreadable):
                self.seen[part["uid"]] = part
                continue
            self._unreadable[level].append(part)
            if part.uid:
                self.seen[part.uid] = part.error

    async def _page(self, level: int, number: int) -> tuple[list[JobFacts | Unreadable], int]:
        def call(client: TmsClient) -> tuple[list[JobFacts | Unreadable], int]:
            items, total = client.jobs.get_page(self._memory.project_uid, level, number)
            return [facts_or_error(part, with_status=self._with_status) for part in items], total

        return await self._ask(call)

    async def _one(self, uid: str) -> JobFacts | PhraseError:
        def call(client: TmsClient) -> JobFacts:
            part = client.jobs.get(self._memory.project_uid, uid)
            return facts_of(part, with_status=self._with_status)

        return await outcome(self._ask, call)

    async def _levels(self) -> Sequence[int] | PhraseError:
        memory = self._memory
        if memory.levels is None or memory.age >= LEVELS_EVERY:
            levels: Sequence[int] | PhraseError = await outcome(
                self._ask, lambda client: client.jobs.get_levels(memory.project_uid)
            )
            if isinstance(levels, PhraseError):
                return levels
            memory.levels, memory.age = levels, 0
        memory.age += 1
        return memory.levels

    def _left(self, wanted: Iterable[str]) -> list[str]:
        return [uid for uid in wanted if uid not in self.seen]
