"""Temporary files in which a target file grows until it is whole."""

from __future__ import annotations

import fcntl
import hashlib
import os
import uuid
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from phrase_provider.api.auth.private_files import try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def part_name(location: str) -> str:
    """
    Return a name for the unfinished file of one writer: hidden from source globs, and nobody else's.

    :param location: where the file will be.
    """
    return f"{_prefix(location)}{uuid.uuid4().hex}.part"


@contextmanager
def spool(location: str, folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """
    Open an unfinished file, which is gone afterwards unless it was renamed.

    What a killed process left behind of the same file is removed: its lock died with it.

    :param location: where the file will be.
    :param folder: where it grows.
    :return: its path, and the file to write into.
    """
    for leftover in folder.glob(f"{_prefix(location)}*"):
        _remove_if_left(leftover)
    path, file = _open_locked(location, folder)
    try:
        with file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def _prefix(location: str) -> str:
    return f".phrase-{hashlib.sha256(location.encode()).hexdigest()[:16]}-"


def _open_locked(location: str, folder: Path) -> tuple[Path, IO[bytes]]:
    while True:
        path = folder / part_name(location)
        # Not through tempfile: the mode shall follow the umask.
        file = path.open("xb")
        # Where the file system knows no locks, nobody can remove what seems left over either.
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return path, file
        # Somebody took it for a leftover in the moment before it was locked.
        file.close()


def _remove_if_left(path: Path) -> None:
    with suppress(OSError), path.open("rb") as file:
        if try_lock(file):
            path.unlink()
