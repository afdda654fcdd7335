"""Small records that a later try or run finds, also after this process was killed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from phrase_provider.exceptions import PhraseLedgerError
from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.storage import filesystem, join, locate
from phrase_provider.manifest.files import files_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.idempotency.ledger import Ledger

#: Plain JSON by name.
Record: TypeAlias = "dict[str, Any]"

_SUFFIX = ".jsonl"


class Records(Protocol):
    """Keeps records durably, by keys that are file names."""

    def read(self, key: str) -> Record | None:
        """Return the record under a key."""

    def write(self, key: str, record: Mapping[str, object]) -> None:
        """Keep a record, in place of the one under its key."""

    def remove(self, key: str) -> None:
        """Forget the record under a key, if there is one."""

    def read_all(self) -> dict[str, Record]:
        """Return all records by their keys."""


class RecordsInFolder:
    """
    Records in files, one for each, which other runs on other machines find as well.

    :param folder: local path or URL that all workers reach.
    """

    def __init__(self, folder: str) -> None:
        self._folder = locate(folder)

    def read(self, key: str) -> Record | None:
        """Return the record under a key."""
        fs, inner = filesystem(self._location(key))
        return _first(self._location(key)) if fs.exists(inner) else None

    def write(self, key: str, record: Mapping[str, object]) -> None:
        """Keep a record, in place of the one under its key."""
        write_json_lines(self._location(key), [record])

    def remove(self, key: str) -> None:
        """Forget the record under a key, if there is one."""
        fs, inner = filesystem(self._location(key))
        with suppress(FileNotFoundError):
            fs.rm_file(inner)

    def read_all(self) -> dict[str, Record]:
        """Return all records by their keys."""
        locations = files_in(self._folder, _SUFFIX)
        return {place.rpartition("/")[2].removesuffix(_SUFFIX): _first(place) for place in locations}

    def _location(self, key: str) -> str:
        return join(self._folder, f"{key}{_SUFFIX}")


class RecordsInLedger:
    """
    Records in the state of a task (Airflow 3.3 and newer), which its later tries find.

    :param ledger: of the task.
    :param entry: key of the ledger entry that has all of them.
    """

    def __init__(self, ledger: Ledger, entry: str) -> None:
        self._ledger = ledger
        self._entry = entry

    def read(self, key: str) -> Record | None:
        """Return the record under a key."""
        kept = self._ledger.result(self._entry).get(key)
        return _parsed(kept, self._entry) if kept else None

    def write(self, key: str, record: Mapping[str, object]) -> None:
        """
        Keep a record, in place of the one under its key.

        :raises PhraseInputError: there is no task state, below Airflow 3.3.
        """
        self._ledger.keep(self._entry, self._ledger.result(self._entry) | {key: json.dumps(record)})

    def remove(self, key: str) -> None:
        """Forget the record under a key, if there is one."""
        kept = self._ledger.result(self._entry)
        if key in kept:
            self._ledger.keep(self._entry, {name: text for name, text in kept.items() if name != key})

    def read_all(self) -> dict[str, Record]:
        """Return all records by their keys."""
        kept = self._ledger.result(self._entry)
        return {key: _parsed(text, self._entry) for key, text in kept.items()}


def _first(location: str) -> Record:
    record = next(read_json_lines(location), None)
    if record is None:
        raise _damaged(location)
    return record


def _parsed(text: str, place: str) -> Record:
    try:
        record = json.loads(text)
    except ValueError as error:
        raise _damaged(place) from error
    if not isinstance(record, dict):
        raise _damaged(place)
    return record


def _damaged(place: str) -> PhraseLedgerError:
    return PhraseLedgerError(
        f"What was noted in {place} cannot be read",
        hint="Nothing was sent. See in Phrase what an earlier try has done, then remove the note.",
    )
