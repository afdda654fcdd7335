"""Counts of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms import formats
from phrase_provider.simulator.tms.actions.segment_changes import words_of
from phrase_provider.simulator.tms.entities.word_counts import CHARACTERS, words_in

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.serializers.common import Json


def segment_counts(part: JobPart, *, counts_original: bool) -> Json:
    """
    Return ``SegmentsCountsResponseDtoV1``.

    :param counts_original: whether the words of the file count as added before its first update.
    """
    before = [other for other in part.job.parts if other.level == part.level - 1]
    previous = {
        "completed": all(other.translated for other in before),
        "counts": _counts(before[0], counts_original=counts_original) if before else None,
    }
    return {
        "jobPartUid": part.uid,
        "counts": _counts(part, counts_original=counts_original),
        "previousWorkflow": previous if before else None,
    }


def _counts(part: JobPart, *, counts_original: bool) -> Json:
    """Return ``SegmentsCountsDtoV1``; nothing is locked, and no machine translation counts."""
    words, segments = words_in(part), part.end_index - part.begin_index + 1
    confirmed_segments, confirmed = (segments, words) if part.translated else _kept(part, segments, words)
    added = part.job.added_words
    if added is None:
        added = words if counts_original else 0
    return {
        "allConfirmed": confirmed_segments == segments,
        "charsCount": words * CHARACTERS,
        "completedCharsCount": confirmed * CHARACTERS,
        "confirmedCharsCount": confirmed * CHARACTERS,
        "confirmedLockedCharsCount": 0,
        "lockedCharsCount": 0,
        "segmentsCount": segments,
        "completedSegmentsCount": confirmed_segments,
        "lockedSegmentsCount": 0,
        "segmentGroupsCount": segments,
        "translatedSegmentsCount": confirmed_segments,
        "translatedLockedSegmentsCount": 0,
        "wordsCount": words,
        "completedWordsCount": confirmed,
        "confirmedWordsCount": confirmed,
        "confirmedLockedWordsCount": 0,
        "lockedWordsCount": 0,
        "addedSegments": 0,
        "addedWords": added,
        "machineTranslationPostEditedSegmentsCount": 0,
        "machineTranslationRelevantSegmentsCount": 0,
        "qualityAssurance": {"segmentsCount": 0, "warningsCount": 0, "ignoredWarningsCount": 0},
        "qualityAssuranceResolved": True,
    }


def _kept(part: JobPart, segments: int, words: int) -> tuple[int, int]:
    """Return how many segments and words stayed confirmed when the source was updated."""
    if not part.kept:
        return 0, 0
    kept = [text for text in formats.segments(part.file.name, part.file.content) if text in part.kept]
    return min(len(kept), segments), min(words_of(kept), words)
