"""The words that an update of a source adds, as Phrase counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.segment_counts import Counts
    from phrase_provider.waiting.conditions import Logger


def words_so_far(client: TmsClient, project_uid: str, job_uids: Sequence[str], log: Logger) -> dict[str, int]:
    """
    Return the words of jobs with those that updates of their sources have added; {} if Phrase does not tell.

    Source: ``POST …/jobs/segmentsCount``. Nobody's work depends on it: a failure is only logged.

    :param client: of the connection.
    :param project_uid: uid.
    :param job_uids: uids of job parts.
    :param log: gets a warning if they cannot be counted.
    :return: by uid; before the first update the words of the job.
    """
    try:
        counts = client.segment_counts.get(project_uid, job_uids)
    except PhraseError as error:
        log.warning("The words of the update cannot be counted. %s", error.brief())
        return {}
    told = {uid: _so_far(each) for uid, each in counts.items()}
    return {uid: words for uid, words in told.items() if words is not None}


def added_since(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """
    Return the words that were added between two counts.

    :param before: by uid, from :func:`words_so_far`.
    :param after: the same, later.
    :return: by uid, of those that both have.
    """
    # Where Phrase leaves the original words out, the count after the first update is smaller than before.
    return {
        uid: words - before[uid] if words >= before[uid] else words
        for uid, words in after.items()
        if uid in before
    }


def _so_far(counts: Counts) -> int | None:
    # 0: the source was never updated, and the specification does not say whether its words count then.
    return counts.added_words or counts.words
