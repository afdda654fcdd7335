"""Lists of records in files of JSON lines, in any store: written whole or not at all, read within bounds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.names import shown
from phrase_provider.files.sources import open_source
from phrase_provider.files.targets import write_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Bytes that a line may have.
MAX_LINE = 1 << 20
#: Lines that a file may have.
MAX_LINES = 5_000_000
_CHUNK = 1 << 20


def write_json_lines(location: str, records: Iterable[Mapping[str, object]]) -> int:
    """
    Write records to a file, one on each line, with sorted keys; readers see all of them or what was there.

    :param location: local path or URL.
    :param records: plain JSON.
    :return: how many were written.
    """
    count = 0

    def chunks() -> Iterator[bytes]:
        nonlocal count
        pending = bytearray()
        for record in records:
            pending += json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n"
            count += 1
            if len(pending) >= _CHUNK:
                yield bytes(pending)
                pending.clear()
        yield bytes(pending)

    write_target(location, chunks())
    return count


def read_json_lines(location: str) -> Iterator[dict[str, Any]]:
    """
    Yield the records of a file, in constant memory.

    :param location: local path or URL.
    :raises FileNotFoundError: it is not there.
    :raises PhraseInputError: a line is no JSON object, or too long; or there are too many.
    """
    with open_source(location) as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE or number > MAX_LINES:
                raise _unusable(location, number, "has more than this package reads")
            if line.strip():
                yield _record(location, number, line)


def _record(location: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise _unusable(location, number, "is not JSON") from error
    if not isinstance(record, dict):
        raise _unusable(location, number, "is no JSON object")
    return record


def _unusable(location: str, number: int, reason: str) -> PhraseInputError:
    return PhraseInputError(
        f"Line {number:,} of {shown(location)} {reason}",
        hint="Only this package writes this file. Restore it from a backup, or remove it.",
    )
