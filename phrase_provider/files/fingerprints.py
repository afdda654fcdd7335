"""The content of source files, read only where it may have changed since it was last looked at."""

from __future__ import annotations

import io
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, NamedTuple, cast

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.sources import fingerprint, open_source
from phrase_provider.files.words import estimate_words_in

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from typing import IO

    from phrase_provider.files.sources import SourceFile

_CHUNK_BYTES = 1 << 20
# Beyond this a copy is on disk.
_MOST_IN_MEMORY = 4 << 20


class Fingerprint(NamedTuple):
    """
    What the content of a file is known by.

    :param sha256: in hex.
    :param words: estimate for one language; None where nobody needs it, see :meth:`Fingerprints.of`.
    """

    sha256: str
    words: int | None


class _Seen(NamedTuple):
    size: int
    stamp: str
    sha256: str


class Fingerprints:
    """
    Tells the content of files, and remembers it for the next look as long as the store says that a file is as
    it was: see :func:`~phrase_provider.files.stamps.stamp_of`.

    The memory is a cache: whoever writes last wins, and what is lost is read again.

    :param location: local path or URL of the file that keeps it.
    """

    def __init__(self, location: str) -> None:
        self._location = location
        self._seen = self._load()
        self._kept: dict[str, _Seen] = {}
        self._read: set[str] = set()

    @property
    def read(self) -> int:
        """Number of files that were read."""
        return len(self._read)

    def of(self, file: SourceFile, known: Container[str | None]) -> Fingerprint:
        """
        Return the fingerprint of a file, which is read once, or not at all; in any thread.

        :param file: as it was found now.
        :param known: checksums of content whose words nobody needs: they are not counted.
        :raises PhraseInputError: it cannot be read.
        """
        seen = self._seen.get(file.path)
        if seen and file.stamp and seen[:2] == (file.size, file.stamp) and seen.sha256 in known:
            self._kept[file.path] = seen
            return Fingerprint(seen.sha256, None)
        self._read.add(file.path)
        found = _read(file, known)
        if file.stamp:
            self._kept[file.path] = _Seen(file.size, file.stamp, found.sha256)
        return found

    def save(self) -> None:
        """Keep what was seen for the next look, and forget files that are gone; unless nothing is new."""
        if self._kept != self._seen:
            rows = sorted(self._kept.items())
            write_json_lines(self._location, ({"path": path, **seen._asdict()} for path, seen in rows))

    def _load(self) -> dict[str, _Seen]:
        try:
            rows = read_json_lines(self._location)
            return {row["path"]: _Seen(row["size"], row["stamp"], row["sha256"]) for row in rows}
        except (FileNotFoundError, PhraseInputError, KeyError):
            # What is damaged is as good as lost.
            return {}


def _read(file: SourceFile, known: Container[str | None]) -> Fingerprint:
    with open_source(file.path) as source:
        # One byte more than there should be: it may have grown.
        wanted = min(file.size + 1, _MOST_IN_MEMORY)
        head = source.read(wanted)
        if len(head) < wanted:
            return _examined(fingerprint([head]), io.BytesIO(head), file, known)
        with SpooledTemporaryFile(_MOST_IN_MEMORY) as spooled:
            copy = cast("IO[bytes]", spooled)
            sha256 = fingerprint(_copied(chain([head], _pieces(source)), copy))
            return _examined(sha256, copy, file, known)


def _examined(sha256: str, copy: IO[bytes], file: SourceFile, known: Container[str | None]) -> Fingerprint:
    if sha256 in known:
        return Fingerprint(sha256, None)
    copy.seek(0)
    return Fingerprint(sha256, estimate_words_in(copy, file))


def _copied(pieces: Iterable[bytes], copy: IO[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        copy.write(piece)
        yield piece


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK_BYTES), b"")
