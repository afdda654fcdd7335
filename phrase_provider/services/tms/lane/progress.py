"""How far a lane is, for people: a line for the log, and a JSON file at a path."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

from phrase_provider.files.targets import write_target
from phrase_provider.services.tms.lane.targets import State
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phrase_provider.services.tms.lane.targets import Target

#: Targets that the file names, and languages that the line does.
_NAMED, _LANGUAGES = 200, 40


class TargetTrouble(TypedDict):
    """A target that somebody has to see to, or that nothing comes of; ``status`` is that of its job."""

    source: str
    target_lang: str
    job_uid: str
    state: str
    status: str
    error: str | None


class LanguageProgress(TypedDict):
    """How many targets of a language there are, and how many of them are delivered."""

    targets: int
    delivered: int


class LaneProgress(TypedDict):
    """
    How far a lane is.

    ``overdue`` and ``rework`` count open targets: past their due date, and sent back. ``at`` and
    ``next_look`` are ISO 8601 in UTC; the latter is None where the lane has ended. ``targets`` names at most
    200 that failed, ended or were sent back.
    """

    at: str
    line: str
    counts: dict[str, int]
    languages: dict[str, LanguageProgress]
    overdue: int
    rework: int
    next_look: str | None
    targets: list[TargetTrouble]


def progress_of(targets: Sequence[Target], *, overdue: int, next_look: datetime | None) -> LaneProgress:
    """
    Return how far a lane is now.

    :param targets: of the lane.
    :param overdue: number of open jobs past their due date.
    :param next_look: when Phrase is asked again at the latest; None: no more.
    """
    counts = Counter(target.state.value for target in targets)
    languages = _languages(targets)
    rework = sum(target.is_rework for target in targets)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "line": _line(languages, counts, overdue, rework, next_look),
        "counts": dict(sorted(counts.items())),
        "languages": languages,
        "overdue": overdue,
        "rework": rework,
        "next_look": next_look.isoformat(timespec="seconds") if next_look else None,
        "targets": [_trouble(each) for each in islice(_troubled(targets), _NAMED)],
    }


def write_progress(location: str, progress: LaneProgress) -> None:
    """
    Write the file in place of the one before; readers see one of them.

    :param location: local path or URL.
    :param progress: how far the lane is.
    """
    write_target(location, [json.dumps(progress, ensure_ascii=False, indent=1).encode()])


def _languages(targets: Iterable[Target]) -> dict[str, LanguageProgress]:
    languages: dict[str, LanguageProgress] = {}
    for target in targets:
        own = languages.setdefault(target.key.target_lang, {"targets": 0, "delivered": 0})
        own["targets"] += 1
        own["delivered"] += target.state is State.DELIVERED
    return dict(sorted(languages.items()))


def _line(
    languages: dict[str, LanguageProgress],
    counts: Counter[str],
    overdue: int,
    rework: int,
    next_look: datetime | None,
) -> str:
    shown = [f"{printable(lang, 20)} {own['delivered']}/{own['targets']}" for lang, own in languages.items()]
    if len(shown) > _LANGUAGES:
        shown[_LANGUAGES:] = [f"and {len(shown) - _LANGUAGES} more languages"]
    states = (State.FAILED, State.ENDED, State.TAKEN_OVER, State.ON_HOLD)
    others = {"overdue": overdue, "rework": rework, **{state.value: counts[state] for state in states}}
    shown += [f"{name} {number}" for name, number in others.items() if number]
    if next_look:
        shown.append(f"next look {next_look:%H:%M}")
    return ", ".join(shown)


def _troubled(targets: Iterable[Target]) -> Iterator[Target]:
    """Return targets that somebody has to see to: those that were lost first, then those sent back."""
    several = list(targets)
    yield from (each for each in several if each.error and each.state is not State.DELIVERED)
    yield from (each for each in several if each.is_rework)


def _trouble(target: Target) -> TargetTrouble:
    return {
        "source": target.key.source,
        "target_lang": target.key.target_lang,
        "job_uid": target.job_uid,
        "state": target.state.value,
        "status": target.status,
        "error": target.error,
    }
