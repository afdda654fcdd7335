"""The lines of a manifest, as types."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Required, TypedDict

from phrase_provider.text import composed


class ManifestKey(NamedTuple):
    """
    What there is one line for.

    :param source: path of the source file below its base, in composed form (NFC).
    :param target_lang: Phrase's code.
    """

    source: str
    target_lang: str


class ManifestFacts(TypedDict, total=False):
    """
    What a line may tell.

    ``path`` is where the source file was found, ``base`` the folder from which its ``source`` starts.
    ``sha256`` and ``size`` are of the source content that the job has, ``words`` a count or estimate of its
    words for one language, ``added_words`` those that its last update added, ``updated_at`` is when Phrase
    got that content. ``status`` is the job's REST word as last seen, or a word of
    :mod:`phrase_provider.services.tms.outcomes`; ``queue`` the workflow step and the people who had it then.
    ``target_path`` and ``target_sha256`` are of the target file that was written last,
    ``target_source_sha256`` is the checksum of the source that it was translated from, and ``delivered_at``
    is when that was delivered. ``error`` says why the last try failed. ``deleted_at`` is set once the source
    is gone. Times are ISO 8601 in UTC.
    """

    path: str
    base: str
    sha256: str
    size: int
    project_uid: str
    job_uid: str | None
    status: str
    queue: str | None
    words: int | None
    added_words: int | None
    updated_at: str | None
    target_path: str | None
    target_sha256: str | None
    target_source_sha256: str | None
    delivered_at: str | None
    deleted_at: str | None
    error: str | None


class ManifestLine(ManifestFacts, total=False):
    """
    What is known of one source file in one language.

    ``at`` (ISO 8601, UTC) is when the line was written, by ``run``: of two lines with the same key the later
    one counts, and of two of the same moment the one of the later part.
    """

    source: Required[str]
    target_lang: Required[str]
    at: Required[str]
    run: Required[str]


def key_of(line: ManifestLine) -> ManifestKey:
    """Return the key of a line."""
    return ManifestKey(composed(line["source"]), line["target_lang"])


def renewed(line: ManifestLine, run: str, changes: ManifestFacts) -> ManifestLine:
    """
    Return a line that takes the place of another.

    :param line: as it was read.
    :param run: that writes it.
    :param changes: what is different now.
    """
    return {**line, **changes, "run": run, "at": written_at(line)}


def written_at(after: ManifestLine | None = None) -> str:
    """
    Return the time for a line that is written now.

    :param after: the line that it takes the place of; it is later than this one, whatever the clocks say.
    """
    now = datetime.now(UTC)
    if after:
        now = max(now, datetime.fromisoformat(after["at"]) + timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds")
