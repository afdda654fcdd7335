"""The resource of segment counts: how far job parts are, and what updates of their source have added."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.fields import malformed, record, text, whole_number
from phrase_provider.api.session import Call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import SegmentsCountsResponseListDtoV1

#: A POST that only reads.
COUNT = Endpoint("POST", "/api2/v1/projects/{project_uid}/jobs/segmentsCount", success=200)

#: Job parts in one call.
MAX_JOBS = 100


class Counts(NamedTuple):
    """
    Counts of a job part; None: Phrase does not show it.

    :param words: words of all segments.
    :param confirmed_words: words of the confirmed segments.
    :param added_words: words that the file had at first, plus those that each update of its source added; of
        a job that was never updated the specification does not say whether it is 0.
    """

    words: int | None
    confirmed_words: int | None
    added_words: int | None


class SegmentCounts:
    """
    Counts of the segments of job parts.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def get(self, project_uid: str, job_uids: Sequence[str]) -> dict[str, Counts]:
        """
        Return the counts of job parts, as they are now.

        Source: ``POST /api2/v1/projects/{projectUid}/jobs/segmentsCount``, 100 parts a call.

        :param project_uid: uid.
        :param job_uids: uids of the parts.
        :return: by uid; parts of which Phrase shows nothing are missing.
        :raises PhraseServerError: the answer cannot be read.
        """
        counts: dict[str, Counts] = {}
        for start in range(0, len(job_uids), MAX_JOBS):
            body = {"jobs": [{"uid": job_uid} for job_uid in job_uids[start : start + MAX_JOBS]]}
            call = Call(COUNT, {"project_uid": project_uid}, body=body, expect=("segmentsCountsResults",))
            counts |= _by_uid(self._session.json(call))
        return counts


def _by_uid(answer: SegmentsCountsResponseListDtoV1) -> dict[str, Counts]:
    results = answer["segmentsCountsResults"]
    if not isinstance(results, list):
        raise malformed("segmentsCountsResults", results, "a list")
    found = [record(result, "a result of segmentsCount") for result in results]
    return {text(each, "jobPartUid", "a result of segmentsCount"): _counts(each) for each in found}


def _counts(result: Mapping[str, object]) -> Counts:
    counts = result.get("counts")
    if counts is None:
        return Counts(None, None, None)
    told = record(counts, "counts of a job part")
    return Counts(*(_number(told, name) for name in ("wordsCount", "confirmedWordsCount", "addedWords")))


def _number(counts: Mapping[str, object], name: str) -> int | None:
    return None if counts.get(name) is None else whole_number(counts[name], name)
