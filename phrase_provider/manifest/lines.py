"""The lines of a manifest, as types."""

from __future__ import annotations

from typing import NamedTuple, Required, TypedDict


class ManifestKey(NamedTuple):
    """
    What there is one line for.

    :param source: path of the source file below its base, in composed form (NFC).
    :param target_lang: Phrase's code.
    """

    source: str
    target_lang: str


class ManifestLine(TypedDict, total=False):
    """
    What is known of one source file in one language.

    ``sha256``, ``size``, ``modified`` and ``etag`` are of the source content that the job has, ``words`` a
    count or estimate of its words, ``added_words`` those that its last update added. ``status`` is the job's
    REST word as last seen. ``target_path`` and ``target_sha256`` are of the target file that was written
    last, ``target_source_sha256`` is the checksum of the source that it was translated from, and
    ``delivered_at`` is when that was delivered. ``at`` (ISO 8601, UTC) is when the line was written, by
    ``run``: of two lines with the same key the later one counts, and of two of the same moment the one of
    the later part. ``error`` says why the last try failed. ``deleted_at`` is set once the source is gone.
    """

    source: Required[str]
    target_lang: Required[str]
    at: Required[str]
    run: Required[str]
    path: str
    base: str
    sha256: str
    size: int
    modified: str | None
    etag: str | None
    project_uid: str
    job_uid: str
    status: str
    words: int | None
    added_words: int | None
    updated_at: str | None
    target_path: str | None
    target_sha256: str | None
    target_source_sha256: str | None
    delivered_at: str | None
    deleted_at: str | None
    error: str | None


def key_of(line: ManifestLine) -> ManifestKey:
    """Return the key of a line."""
    return ManifestKey(line["source"], line["target_lang"])
