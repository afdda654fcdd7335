"""What a line of a manifest says of a translation."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.manifest.lines import ManifestLine

#: Statuses of jobs that nobody works on any more, and that have no translation to take home: cancelled,
#: deleted in Phrase, or never imported.
ENDED = frozenset({"CANCELLED", "GONE", "IMPORT FAILED"})


class State(StrEnum):
    """Where a translation is."""

    UP_TO_DATE = "up to date"
    #: There is a translation, of an earlier content of the source.
    OUTDATED = "outdated"
    #: There is no translation yet.
    MISSING = "missing"
    #: What was tried last failed, or the job has ended without a translation.
    FAILED = "failed"
    #: The source is gone.
    DELETED = "deleted"


def state_of(line: ManifestLine) -> State:
    """Return where the translation of a line is."""
    if line.get("deleted_at"):
        return State.DELETED
    if line.get("error"):
        return State.FAILED
    if is_delivered(line):
        return State.UP_TO_DATE
    if line.get("status") in ENDED:
        return State.FAILED
    return State.OUTDATED if line.get("delivered_at") else State.MISSING


def is_delivered(line: ManifestLine) -> bool:
    """Return whether the content that the job has was delivered as a translation."""
    translated = line.get("target_source_sha256")
    return bool(line.get("delivered_at")) and translated is not None and translated == line.get("sha256")
