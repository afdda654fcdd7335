"""ZIP files as sources: a job is created for each file in them."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_FILES = 10_000
_LARGEST = 1_000_000_000
"""Bytes that all files together may have, as much as Phrase accepts in an upload that is not a ZIP."""
_RATIO = 100
_UNSUSPICIOUS = 10_000_000
"""Bytes to which any ZIP may unpack; larger ones to :data:`_RATIO` times their own size."""
_ENTRY = b"PK\x01\x02"
"""Signature of a directory entry; ``zipfile`` would read millions of them."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The supported methods; others can require gigabytes of memory for a few bytes."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class ArchivedFile:
    """A file in a ZIP; ``directory`` is its folder in the ZIP, ``None`` at the top."""

    name: str
    directory: str | None
    content: bytes


def is_archive(name: str) -> bool:
    """Return whether Phrase unpacks a file of this name."""
    return PurePosixPath(name).suffix.lower() == ".zip"


def unpack(archive: bytes, limit: int) -> list[ArchivedFile]:
    """
    Return the files of a ZIP, in its order; nothing is written to disk.

    :param limit: maximum size of the ZIP itself, in bytes.
    :raises ApiError: 400 when it is too large, damaged, encrypted or empty, unpacks to far more than itself,
        or has paths that lead out of it.
    """
    if len(archive) > limit:
        raise bad_request(f"The ZIP file has more than {limit} bytes.")
    if archive.count(_ENTRY) > _MOST_FILES:
        raise bad_request(f"The ZIP file has more than {_MOST_FILES} files.")
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            files = list(_files(opened, min(max(len(archive) * _RATIO, _UNSUSPICIOUS), _LARGEST)))
    except _UNREADABLE as error:
        raise bad_request(f"The ZIP file cannot be read: {error}") from None
    if not files:
        raise bad_request("The ZIP file has no files.")
    return files


def leads_outside(name: str) -> bool:
    """Return whether the path of a file in a ZIP leads out of it."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _files(archive: zipfile.ZipFile, room: int) -> Iterator[ArchivedFile]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.compress_type not in _METHODS:
            raise bad_request("The ZIP file must be stored or deflated.")
        if leads_outside(info.filename):
            raise bad_request("The ZIP file must only have relative paths that do not leave it.")
        with archive.open(info) as packed:
            # The sizes in the directory cannot be trusted.
            content = packed.read(room + 1)
        room -= len(content)
        if room < 0:
            raise bad_request("The ZIP file unpacks to too many bytes.")
        path = PurePosixPath(info.filename.replace("\\", "/"))
        yield ArchivedFile(path.name, str(path.parent) if path.parent.name else None, content)
