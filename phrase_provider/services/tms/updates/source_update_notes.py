"""Notes on source updates, from which another try or run goes on, or puts statuses back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from phrase_provider.exceptions import PhraseLedgerError
from phrase_provider.idempotency.keys import short_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.services.tms.records import Records

#: Of the form in which notes are kept; raised when older versions of this package would misread a new note.
_VERSION = 1


class UpdateState(StrEnum):
    """How far the update of a source is."""

    #: The former statuses are noted, and may have been changed.
    REOPENING = "reopening"
    #: The new source is about to be sent, or was sent without an answer.
    SENDING = "sending"
    #: Phrase has taken it, and imports it.
    IMPORTING = "importing"
    #: The import has ended well.
    UPDATED = "updated"
    #: It was refused or failed; the former statuses are being put back.
    PUTTING_BACK = "putting back"


@dataclass(frozen=True, slots=True)
class UpdateNote:
    """
    How far the update of one file in one project is.

    :param project_uid: uid.
    :param relative_path: of the file.
    :param sha256: of the new content.
    :param size: of the new content, in bytes.
    :param state: how far it is.
    :param first_uids: uid of the first step's part, by Phrase code.
    :param reopened: former and new status of the parts that are changed, by uid.
    :param updated_before: when the source was updated last before, by uid of the first part; ``""``: never.
    :param words_before: words added until then, by uid of the first part.
    :param async_request_id: of the import; empty before.
    :param at: when the state was reached, ISO 8601.
    :param added_words: by Phrase code, once it is done.
    """

    project_uid: str
    relative_path: str
    sha256: str
    size: int = 0
    state: UpdateState = UpdateState.REOPENING
    first_uids: Mapping[str, str] = field(default_factory=dict)
    reopened: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    updated_before: Mapping[str, str] = field(default_factory=dict)
    words_before: Mapping[str, int] = field(default_factory=dict)
    async_request_id: str = ""
    at: str = ""
    added_words: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key under which the note is kept: one for each file and project."""
        return note_key(self.project_uid, self.relative_path)

    def moved_to(self, state: UpdateState, **changes: object) -> Self:
        """Return the note with another state, as of now."""
        return replace(self, state=state, at=datetime.now(UTC).isoformat(), **changes)  # type: ignore[arg-type]

    def dump(self) -> dict[str, object]:
        """Return the note as plain JSON; :meth:`load` reads it."""
        return {"version": _VERSION, **asdict(self)}

    @classmethod
    def load(cls, stored: Mapping[str, object], key: str) -> Self:
        """
        Return the note that was dumped.

        :param stored: what :meth:`dump` returned, in this or an older version of the package.
        :param key: under which it is kept, for the message.
        :raises PhraseLedgerError: a newer version wrote it, or it is damaged.
        """
        version = stored.get("version")
        if not isinstance(version, int) or version > _VERSION:
            raise _unreadable(key, "was written by another version of airflow-provider-phrase")
        known: dict[str, Any] = {each.name: stored[each.name] for each in fields(cls) if each.name in stored}
        try:
            known["state"] = UpdateState(known["state"])
            known["reopened"] = {uid: (former, new) for uid, (former, new) in known["reopened"].items()}
            return cls(**known)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _unreadable(key, "is damaged") from error


def note_key(project_uid: str, relative_path: str) -> str:
    """Return the key of the note on a file in a project."""
    return short_hash(project_uid, relative_path)


class UpdateNotes:
    """
    Notes on source updates.

    :param records: in which they are kept.
    """

    def __init__(self, records: Records) -> None:
        self._records = records

    def read(self, key: str) -> UpdateNote | None:
        """Return the note under a key."""
        record = self._records.read(key)
        return None if record is None else UpdateNote.load(record, key)

    def write(self, note: UpdateNote) -> None:
        """Keep a note, in place of the one with its key."""
        self._records.write(note.key, note.dump())

    def remove(self, key: str) -> None:
        """Forget the note under a key, if there is one."""
        self._records.remove(key)

    def list(self) -> list[UpdateNote]:
        """Return all notes; other records may lie beside them."""
        kept = self._records.read_all().items()
        return [UpdateNote.load(record, key) for key, record in kept if "state" in record]


def _unreadable(key: str, why: str) -> PhraseLedgerError:
    return PhraseLedgerError(
        f"The note {key} on a source update {why}",
        hint="Nothing was sent. See in Phrase whether jobs stand reopened without a new source, and set "
        "their statuses; then remove the note in <manifest>.updates, or in the state of the task.",
    )
