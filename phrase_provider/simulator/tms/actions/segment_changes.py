"""What an update of the source does to the segments of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms import formats
from phrase_provider.simulator.tms.files.file_types import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.simulator.tms.entities import Job


def replace_texts(job: Job, new_texts: Sequence[str]) -> None:
    """
    Keep confirmed what has not changed, and count the words that are added.

    :param job: still with its former file.
    :param new_texts: of the segments of the new file.
    """
    former = frozenset(formats.segments(job.file.name, job.file.content))
    counted = job.file.words if job.added_words is None else job.added_words
    job.added_words = counted + words_of(text for text in new_texts if text not in former)
    for part in job.parts:
        confirmed = former if part.translated else part.kept
        part.kept = confirmed.intersection(new_texts)
        part.translated = False


def words_of(texts: Iterable[str]) -> int:
    """Return the number of words of texts."""
    return count_words("\n".join(texts).encode())
