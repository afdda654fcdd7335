"""Entries of the ledger: how far an operation is, as JSON that later tries and versions can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from phrase_provider import __version__
from phrase_provider.exceptions import PhraseLedgerError

#: Version of the entries' form, raised when older versions of this package would misread a new entry.
VERSION = 1

#: What is kept of a result: texts, such as uids, by name.
RecordedResult: TypeAlias = dict[str, str]


class State(StrEnum):
    """How far an operation is."""

    #: A request was or is about to be sent; its outcome is not known.
    PENDING = "pending"
    #: Phrase refused the request: nothing was done.
    REFUSED = "refused"
    #: The operation is done.
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry of the ledger.

    :param state: how far the operation is.
    :param description: for people, such as ``creating project 'Web 42'``.
    :param result: what was recorded when it was done; a pending entry has that of the time before.
    :param written: when the entry was written, with time zone.
    """

    state: State
    description: str
    result: RecordedResult | None = None
    written: datetime = field(default_factory=lambda: datetime.now(UTC))

    def dump(self) -> dict[str, object]:
        """Return the entry as plain JSON; :meth:`load` reads it."""
        return {
            "version": VERSION,
            "package": __version__,
            "state": self.state.value,
            "what": self.description,
            "result": self.result,
            "written": self.written.isoformat(),
        }

    @classmethod
    def load(cls, key: str, stored: object) -> Entry:
        """
        Return the entry that is stored under a key.

        :param key: where it was found; for the message.
        :param stored: what :meth:`dump` returned, in this or an older version of the package.
        :raises PhraseLedgerError: a newer version wrote it, something else did, or it is damaged.
        """
        if not isinstance(stored, dict) or not isinstance(version := stored.get("version"), int):
            raise _unreadable(key, "is not an entry of this provider")
        if version > VERSION:
            newer = f"airflow-provider-phrase {stored.get('package')}"
            raise _unreadable(key, f"was written by {newer}, this one is {__version__}")
        try:
            return cls(
                State(stored["state"]),
                str(stored["what"]),
                _result(stored["result"]),
                _datetime(stored["written"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(key, f"is damaged ({error!r})") from error


def _result(value: object) -> RecordedResult | None:
    if value is None or (isinstance(value, dict) and all(isinstance(text, str) for text in value.values())):
        return value
    raise TypeError(f"result: {value!r}")


def _datetime(text: str) -> datetime:
    written = datetime.fromisoformat(text)
    return written if written.tzinfo else written.replace(tzinfo=UTC)


def _unreadable(key: str, why: str) -> PhraseLedgerError:
    return PhraseLedgerError(
        f"Entry {key!r} in the task's state store {why}",
        hint="Nothing was sent. See in Phrase what the task has done; then delete the entry (in the UI, or "
        "DELETE …/taskInstances/{task}/state-store/{key}) and clear the task: it looks before it creates.",
    )
