"""Lists of records in files of JSON lines, in any store: written whole or not at all, read within bounds."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.names import shown
from phrase_provider.files.storage import filesystem, locate
from phrase_provider.files.targets import write_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    Yield the records of a file, in constant memory; blank lines do not count.

    :param location: local path or URL.
    :raises FileNotFoundError: it is not there.
    :raises PhraseInputError: a line is no JSON object, or too long; or there are too many.
    """
    fs, inner = filesystem(locate(location))
    with fs.open(inner, "rb") as file:
        number = 0
        for lines in _lines(location, file):
            yield from _records(location, number, lines)
            number += len(lines)


def _lines(location: str, file: IO[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines of a file, as many together as a chunk has."""
    count, rest = 0, b""
    while chunk := file.read(_CHUNK):
        lines = (rest + chunk).split(b"\n")
        if max(map(len, lines)) > MAX_LINE or count > MAX_LINES:
            long = next((place for place, line in enumerate(lines) if len(line) > MAX_LINE), 0)
            raise _unusable(location, count + long + 1, "has more than this package reads")
        rest = lines.pop()
        yield lines
        count += len(lines)
    yield [rest]


def _records(location: str, number: int, lines: Sequence[bytes]) -> list[dict[str, Any]]:
    # All at once is faster than one by one, and equal keys are one text.
    filled = [line for line in lines if line and not line.isspace()]
    records = _loads(b"[" + b",".join(filled) + b"]")
    if isinstance(records, list) and len(records) == len(filled) and all(map(_is_object, records)):
        return records
    return [
        _record(location, number + place, line)
        for place, line in enumerate(lines, 1)
        if line and not line.isspace()
    ]


def _record(location: str, number: int, line: bytes) -> dict[str, Any]:
    record = _loads(line)
    if not isinstance(record, dict):
        raise _unusable(location, number, "is no JSON object")
    return record


def _loads(text: bytes) -> object:
    try:
        loaded: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return loaded


def _is_object(record: object) -> bool:
    return type(record) is dict


def _unusable(location: str, number: int, reason: str) -> PhraseInputError:
    return PhraseInputError(
        f"Line {number:,} of {shown(location)} {reason}",
        hint="Only this package writes this file. Restore it from a backup, or remove it.",
    )
