"""Source files as they are sent: no other content than was checked goes unnoticed."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from phrase_provider.exceptions import PhraseSourceUnstableError
from phrase_provider.files.names import shown
from phrase_provider.files.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phrase_provider.files.sources import SourceFile

_CHUNK_BYTES = 1024 * 1024


class SourceUpload:
    """
    Opens a source file for sending, and tells what of it was sent.

    :param source: as it was checked.
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._body: _Body | None = None

    def require_sent(self, checksum: str, job_uids: Sequence[str]) -> None:
        """
        Check that what was sent is what was checked.

        :param checksum: SHA-256 in hex, of the file as it was checked.
        :param job_uids: what Phrase has made of it.
        :raises PhraseSourceUnstableError: it is something else.
        """
        # A body that was answered before its end tells nothing.
        sent = self.sent_checksum()
        if sent is None or sent == checksum:
            return
        raise PhraseSourceUnstableError(
            f"{shown(self._source.relative_path)} has changed between check and upload: Phrase has the "
            f"content with SHA-256 {sent} now (job {', '.join(sorted(job_uids))})",
            hint="Run the task again: where the file still is what was sent, its jobs are used; where it is "
            "not, delete them in Phrase or use another batch id.",
        )

    def sent_checksum(self) -> str | None:
        """Return the SHA-256 of what was sent, in hex; None where it was not read to its end."""
        return self._body.digest.hexdigest() if self._body and self._body.is_read else None

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """
        Open the file as the body of a request, once for each time that it is sent.

        :raises PhraseSourceUnstableError: it has another size than when it was checked; nothing is sent.
        :raises PhraseInputError: it cannot be read any more.
        """
        with open_source(self._source.path) as file:
            size = _size(file, self._source.size)
            if size != self._source.size:
                raise PhraseSourceUnstableError(
                    f"{shown(self._source.path)} has {size:,} bytes now, and had {self._source.size:,} when "
                    "it was checked",
                    hint="Nothing was sent. Run the task again when nobody writes the file any more.",
                ).mark_sent(False)
            self._body = _Body(file, self._source)
            yield cast("IO[bytes]", self._body)


class _Body:
    """Reads as many bytes as were announced, and fingerprints them."""

    def __init__(self, file: IO[bytes], source: SourceFile) -> None:
        self._file = file
        self._source = source
        self._left = source.size
        self.digest = hashlib.sha256()

    @property
    def is_read(self) -> bool:
        return not self._left

    def __len__(self) -> int:
        # Becomes the Content-Length.
        return self._source.size

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(_CHUNK_BYTES):
            yield piece

    def read(self, size: int = -1) -> bytes:
        # What was appended since belongs to no request: it would be taken for the next one.
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(wanted)
        if wanted and not piece:
            raise PhraseSourceUnstableError(
                f"{shown(self._source.path)} became shorter while it was sent, by {self._left:,} bytes",
                hint="Phrase did not get it whole, and takes nothing then. Run the task again when nobody "
                "writes the file any more.",
            )
        self.digest.update(piece)
        self._left -= len(piece)
        return piece


def _size(file: IO[bytes], otherwise: int) -> int:
    if not file.seekable():
        return otherwise
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size
