"""Polling the jobs of a project: the list pages of their workflow levels, or the jobs alone when few wait."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from phrase_provider.api.tms.jobs import FEW, file_of, is_split, level_of
from phrase_provider.exceptions import PhraseError
from phrase_provider.triggers.hub.reader import Reader, outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.conditions import JobsImported, JobsReachedStatus
    from phrase_provider.triggers.hub.reader import Ask

    Facts = dict[str, Any]

#: Polls after which the workflow levels of a project are read again.
LEVELS_EVERY = 10
#: What is judged of a job part; the rest would lie in memory for weeks.
KEPT = ("uid", "status", "importStatus", "imported", "filename", "dateDue")


class ProjectJobs(Reader):
    """
    Reads job parts of one project.

    Pages are unfiltered, since absence from a filtered one proves nothing; a part that no page shows is
    read alone.

    :param project_uid: uid.
    :param with_split_parts: give all parts of a split job for any one of them.
    """

    def __init__(self, project_uid: str, *, with_split_parts: bool = False) -> None:
        self._with_split_parts = with_split_parts
        self._memory = _Memory(project_uid)

    async def read(self, ask: Ask, conditions: Sequence[JobsImported | JobsReachedStatus]) -> Sequence[Any]:
        look = _Look(ask, self._memory)
        top = await look.list_top() if any(condition.job_uids is None for condition in conditions) else None
        wanted = {uid for condition in conditions for uid in condition.job_uids or ()}
        await look.find(wanted)
        if self._with_split_parts:
            await look.complete_splits(wanted)
        self._memory.keep(look.seen, wanted)
        return [
            look.at_level(top) if condition.job_uids is None else look.of(condition.job_uids)
            for condition in conditions
        ]


@dataclass
class _Memory:
    """
    What former looks taught.

    :param project_uid: uid.
    :param level_of: workflow level of each awaited part.
    :param pages: length of each level's list.
    :param whole: levels that are read to the end, since somebody waits for a split job.
    :param levels: of the project, ascending; None: not read yet.
    :param age: looks since they were read.
    """

    project_uid: str
    level_of: dict[str, int] = field(default_factory=dict)
    pages: dict[int, int] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    levels: Sequence[int] | None = None
    age: int = 0

    def keep(self, seen: dict[str, Facts | PhraseError], wanted: Iterable[str]) -> None:
        known = {uid: part for uid in wanted if isinstance(part := seen[uid], dict)}
        self.level_of = {uid: part["level"] for uid, part in known.items()}
        self.whole = {part["level"] for part in known.values() if part["file"]}

    def worth_listing(self, level: int, uids: Collection[str]) -> bool:
        return level in self.whole or len(uids) > max(FEW, self.pages.get(level, 1))


class _Look:
    """One look at a project; what it saw."""

    def __init__(self, ask: Ask, memory: _Memory) -> None:
        self._ask = ask
        self._memory = memory
        self._listed: set[int] = set()
        self._ended: set[int] = set()
        self.seen: dict[str, Facts | PhraseError] = {}

    async def list_top(self) -> int:
        """List the highest workflow level, and give it."""
        top = (await self._levels())[-1]
        await self._list(top)
        return top

    async def find(self, wanted: Collection[str]) -> None:
        """See each part: on the pages of its level where that is cheaper, else alone."""
        by_level: defaultdict[int, set[str]] = defaultdict(set)
        for uid in self._left(wanted):
            # The list gives level 1 unless told otherwise, and most projects have no other.
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

    def at_level(self, level: int | None) -> list[Facts]:
        """Give the parts of a level that was listed, in an order that stays."""
        parts = (part for part in self.seen.values() if isinstance(part, dict) and part["level"] == level)
        return sorted(parts, key=lambda part: str(part["uid"]))

    def of(self, uids: Sequence[str]) -> list[Facts] | PhraseError:
        """Give parts, and those that belong to the same split job; or the error of one of them."""
        found: dict[str, Facts] = {}
        for uid in uids:
            part = self.seen[uid]
            if isinstance(part, PhraseError):
                return part
            found[uid] = part
        files = {part["file"] for part in found.values()} - {None}
        if files:
            levels = {part["level"] for part in found.values()}
            siblings = (part for level in sorted(levels) for part in self.at_level(level))
            found |= {part["uid"]: part for part in siblings if part["file"] in files}
        return list(found.values())

    async def _search(self, unknown: set[str]) -> None:
        """Look for many parts of unknown level in the lists that were not read yet."""
        if len(unknown) <= FEW:
            return
        for level in reversed(await self._levels()):
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
            self.seen |= {part["uid"]: part for part in parts}
            left.difference_update(part["uid"] for part in parts)
            number += 1
        self._memory.pages[level] = total
        self._listed.add(level)
        if number >= total:
            self._ended.add(level)

    async def _page(self, level: int, number: int) -> tuple[list[Facts], int]:
        def call(client: TmsClient) -> tuple[list[Facts], int]:
            items, total = client.jobs.page(self._memory.project_uid, level, number)
            return [_facts(part) for part in items], total

        return await self._ask(call)

    async def _one(self, uid: str) -> Facts | PhraseError:
        return await outcome(self._ask, lambda client: _facts(client.jobs.get(self._memory.project_uid, uid)))

    async def _levels(self) -> Sequence[int]:
        memory = self._memory
        if memory.levels is None or memory.age >= LEVELS_EVERY:
            levels: Sequence[int] = await self._ask(lambda client: client.jobs.levels(memory.project_uid))
            memory.levels, memory.age = levels, 0
        memory.age += 1
        return memory.levels

    def _left(self, wanted: Iterable[str]) -> list[str]:
        return [uid for uid in wanted if uid not in self.seen]


def _facts(part: dict[str, Any]) -> Facts:
    kept = {name: part.get(name) for name in KEPT}
    return {**kept, "level": level_of(part), "file": file_of(part) if is_split(part) else None}
