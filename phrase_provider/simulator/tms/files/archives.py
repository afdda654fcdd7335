"""ZIP files that are uploaded as sources: one upload, a job for each file in it."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_FILES = 10_000
_LARGEST = 1_000_000_000
"""Bytes that all files together may have, as much as Phrase takes in one upload that is no ZIP."""
_RATIO = 100
_UNSUSPICIOUS = 10_000_000
"""Bytes that the smallest ZIP may unpack to; larger ones to :data:`_RATIO` times their own size."""
_ENTRY = b"PK\x01\x02"
"""How each entry of the directory begins; the library would read millions of them."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What is read; other compressions may ask for gigabytes of memory in a few bytes."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Packed:
    """A file in a ZIP; ``directory`` is its folder in there, ``None`` at the top."""

    name: str
    directory: str | None
    content: bytes


def is_archive(name: str) -> bool:
    """Tell whether Phrase unpacks a file of this name."""
    return PurePosixPath(name).suffix.lower() == ".zip"


def unpack(archive: bytes, limit: int) -> list[Packed]:
    """
    Read the files of a ZIP, in its order; nothing is written to disk.

    :param limit: bytes that the ZIP itself may have.
    :raises Refusal: 400 when it is too large, damaged, encrypted or empty, unpacks to far more than itself,
        or has paths that lead out of it.
    """
    if len(archive) > limit:
        raise invalid(f"The ZIP file has more than {limit} bytes.")
    if archive.count(_ENTRY) > _MOST_FILES:
        raise invalid(f"The ZIP file has more than {_MOST_FILES} files.")
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            files = list(_files(opened, min(max(len(archive) * _RATIO, _UNSUSPICIOUS), _LARGEST)))
    except _UNREADABLE as error:
        raise invalid(f"The ZIP file cannot be read: {error}") from None
    if not files:
        raise invalid("The ZIP file has no files.")
    return files


def leaves(name: str) -> bool:
    """Tell whether the path of a file in a ZIP leads out of it."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _files(archive: zipfile.ZipFile, room: int) -> Iterator[Packed]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.compress_type not in _METHODS:
            raise invalid("The ZIP file must be stored or deflated.")
        if leaves(info.filename):
            raise invalid("The ZIP file must have relative paths that stay in it.")
        with archive.open(info) as packed:
            # What the directory says of sizes is not believed.
            content = packed.read(room + 1)
        room -= len(content)
        if room < 0:
            raise invalid("The ZIP file unpacks to too many bytes.")
        path = PurePosixPath(info.filename.replace("\\", "/"))
        yield Packed(path.name, str(path.parent) if path.parent.name else None, content)
