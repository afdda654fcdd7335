"""
Counts of words, segments and characters of jobs by match.

The totals are those of the files. Their distribution over the matches is derived from the content and the
language, so that the same file always gives the same numbers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from phrase_provider.simulator.tms.entities.projects import JobPart

CHARACTERS = 6
"""Characters of a word, including the space."""

Match = tuple[str, str | None]
"""A kind of match and its score, as the specification names them, such as ``repetitions`` without a score."""

_TM, _NEW = "transMemoryMatches", ("transMemoryMatches", "match0")
_SHARES: dict[Match, float] = {
    ("repetitions", None): 8,
    (_TM, "match101"): 3,
    (_TM, "match100"): 9,
    (_TM, "match95"): 6,
    (_TM, "match85"): 5,
    (_TM, "match75"): 4,
    (_TM, "match50"): 3,
    ("nonTranslatablesMatches", "match100"): 2,
    ("internalFuzzyMatches", "match95"): 3,
    ("internalFuzzyMatches", "match85"): 2,
    ("machineTranslationMatches", "match95"): 12,
    ("machineTranslationMatches", "match75"): 9,
    _NEW: 60,
}
"""The usual share of each kind; a file has up to twice as much of it."""

_WANTED_BY = {
    _TM: "includeTransMemory",
    "nonTranslatablesMatches": "includeNonTranslatables",
    "internalFuzzyMatches": "separateFuzzyRepetitions",
    "machineTranslationMatches": "includeMachineTranslationMatches",
}
"""The option without which matches of a kind count as new."""


@dataclass(frozen=True)
class Counts:
    words: int = 0
    segments: int = 0

    @property
    def characters(self) -> int:
        return self.words * CHARACTERS

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.words + other.words, self.segments + other.segments)


Tally = dict[Match, Counts]
"""Counts by kind of match."""


def total(tally: Tally) -> Counts:
    """Return the sum of all counts."""
    return sum(tally.values(), Counts())


def count(parts: Iterable[JobPart], options: Mapping[str, Any]) -> Tally:
    """
    Return the counts of job parts of one language; for the options see
    :class:`.tms.entities.analyses.Analysis`.
    """
    tally: Tally = {}
    for part in parts:
        wanted = "includeConfirmedSegments" if part.job.translated else "includeNotConfirmedSegments"
        if options.get(wanted, True):
            for match, counts in _spread(part, options).items():
                tally[match] = tally.get(match, Counts()) + counts
    return tally


def _spread(part: JobPart, options: Mapping[str, Any]) -> Tally:
    words, segments = words_in(part), part.end_index - part.begin_index + 1
    chance = random.Random(f"{part.file.content.digest}/{part.target_lang}")
    shares = {match: share * 2 * chance.random() for match, share in _SHARES.items() if match != _NEW}
    kept = {match: share for match, share in shares.items() if _wanted(match, options)}
    weights = [*kept.values(), _SHARES[_NEW] + sum(shares.values()) - sum(kept.values())]
    spread = zip(_cut(words, weights), _cut(segments, weights), strict=True)
    return {match: Counts(*pair) for match, pair in zip([*kept, _NEW], spread, strict=True)}


def _wanted(match: Match, options: Mapping[str, Any]) -> bool:
    option = _WANTED_BY.get(match[0])
    return option is None or bool(options.get(option))


def words_in(part: JobPart) -> int:
    """Return the words of a part, assuming that the words of a file are spread evenly over its segments."""
    before, here = (
        part.file.words * index // part.file.segments for index in (part.begin_index, part.end_index + 1)
    )
    return here - before


def _cut(number: int, weights: list[float]) -> list[int]:
    """Return whole numbers in proportion to weights whose sum is a number."""
    ends = [round(number * end / sum(weights)) for end in accumulate(weights)]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
