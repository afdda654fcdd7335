"""The items of a plan, looked at again when they are to be uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeGuard

from phrase_provider.exceptions import PhrasePlanLimitError
from phrase_provider.files.names import shown
from phrase_provider.files.sources import SourceItem
from phrase_provider.files.words import estimate_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.files.sources import SourceFile


class PlanItem(SourceItem):
    """
    A planned file as plain JSON.

    ``base`` is the folder of its relative path, ``words`` an estimate for one language, ``max_words`` the
    plan's limit (words times languages); ``targets`` has the target path for each language (Phrase code).
    """

    base: str
    words: int
    max_words: int
    targets: dict[str, str]


def require_words_within_limit(items: Iterable[object], sources: Sequence[SourceFile]) -> None:
    """
    Check planned files against the plan's word limit, estimating those again whose size is another now.

    :param items: as :meth:`~phrase_provider.files.plan.Plan.by_source` gives them; others do not count.
    :param sources: the same files, as they are now.
    :raises PhrasePlanLimitError: with them the run has more words than the plan allows.
    """
    planned: dict[str, PlanItem] = {item["path"]: item for item in items if _has_limit(item)}
    grown = [file for file in sources if file.path in planned and file.size != planned[file.path]["size"]]
    if not grown:
        return
    now: dict[str, int] = {file.path: estimate_words(file) for file in grown}
    words: int = sum(
        (now[p] if p in now else item["words"]) * len(item["targets"]) for p, item in planned.items()
    )
    limit = max(item["max_words"] for item in planned.values())
    if words > limit:
        changed = "; ".join(f"{shown(path)}: {planned[path]['words']:,}, now {now[path]:,}" for path in now)
        raise PhrasePlanLimitError(
            f"Files have changed since the plan: with them it has {words:,} estimated words times languages, "
            f"the limit is {limit:,} ({changed})",
            hint="Nothing was sent. Clear the task that plans, with those after it, or raise its max_words.",
        )


def _has_limit(item: object) -> TypeGuard[PlanItem]:
    if not isinstance(item, Mapping):
        return False
    counted = isinstance(item.get("words"), int) and isinstance(item.get("max_words"), int)
    return counted and isinstance(item.get("targets"), Mapping)
