"""Documents that are ZIP archives of XML, opened within bounds."""

from __future__ import annotations

import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from phrase_provider.files.words.blocks import read_blocks

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

# Of the list of entries, which is read at once; an office document has some dozen of about 100 bytes.
_DIRECTORY_BYTES = 2 * 1024 * 1024
# Of all that is read of a document, unpacked. XML is seldom packed to less than a fiftieth.
_UNPACKED_BYTES = 256 * 1024 * 1024
_RATIO = 200
_SMALL_BYTES = 1024 * 1024

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OverflowError)


class Package:
    """
    A document's archive.

    :param archive: open for reading.
    :param size: bytes of the archive.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._left = min(_UNPACKED_BYTES, max(_SMALL_BYTES, _RATIO * size))

    def parts(self, name: re.Pattern[str]) -> Iterator[Iterator[bytes]]:
        """
        Return the parts whose whole name matches, each as blocks.

        :raises ValueError: one is encrypted or oddly packed, or all that was read is more than the bounds.
        """
        for entry in self._archive.infolist():
            if name.fullmatch(entry.filename):
                if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
                    raise ValueError("encrypted or oddly packed")
                with self._archive.open(entry) as part:
                    yield self._bounded(read_blocks(part))

    def _bounded(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self._left -= len(block)
            if self._left < 0:
                raise ValueError("larger than the bounds when unpacked")
            yield block


@contextmanager
def open_package(file: IO[bytes], size: int) -> Iterator[Package]:
    """
    Open a document's archive; a context manager.

    :param file: can seek.
    :param size: bytes of the file.
    :raises ValueError: it is not an archive, or a broken one, or its list of entries exceeds the bounds; also
        when that shows only while a part is read.
    """
    try:
        with zipfile.ZipFile(_BoundedFile(file)) as archive:
            yield Package(archive, size)
    except _BROKEN as error:
        raise ValueError(f"no archive: {error}") from error


class _BoundedFile:
    """What :mod:`zipfile` needs of a file, so that a claimed length or place does not rule it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seekable = file.seekable
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY_BYTES:
            raise ValueError("a list of entries that exceeds the bounds")
        return self._file.read(size if size >= 0 else _DIRECTORY_BYTES)

    def seek(self, offset: int, whence: int = 0) -> int:
        if offset < 0 and not whence:
            raise ValueError("a place before the archive")
        return self._file.seek(offset, whence)
