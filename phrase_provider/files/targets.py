"""Target files: placed whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseDownloadError, PhraseInputError
from phrase_provider.files.names import require_target_name, shown
from phrase_provider.files.sources import checksum
from phrase_provider.files.spool import part_name, spool
from phrase_provider.files.storage import (
    OBJECT_STORES,
    filesystem,
    identities,
    identity,
    is_local,
    is_object_store,
    join,
    locate,
    parent,
    store_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phrase_provider.files.storage import FileSystem


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """
    A target file in its place.

    :param path: absolute local path or URL.
    :param size: bytes.
    :param sha256: of the content, in hex.
    """

    path: str
    size: int
    sha256: str


def check_target(path: str) -> None:
    """
    Check, before anything costs, that a target file can be written; leaves nothing behind.

    In a local folder, or in the nearest one that exists, a nameless file is really created. Of an object
    store only its file system and connection are checked: a trial object would set off its events.

    :param path: local path or URL; of a symbolic link, what it leads to is checked.
    :raises PhraseInputError: no file can have its name, the target is a folder, a pipe, a device or a socket,
        its link leads in a circle, or its folder cannot be made or written.
    """
    place = identity(locate(require_target_name(path)))
    _check_place(path, place)
    if is_local(place):
        _check_writable(Path(place).parent)


def check_targets(paths: Iterable[str]) -> None:
    """
    Check many target files as :func:`check_target` does, but each folder, and each object store, only once.

    :param paths: local paths or URLs.
    :raises PhraseInputError: one of them cannot be written.
    """
    checked: set[str] = set()
    for location, place in identities(locate(require_target_name(path)) for path in paths).items():
        # Of an object store nothing but its connection is checked, with a request.
        known = store_of(place) if is_object_store(place) else parent(place)
        if not is_object_store(place) or known not in checked:
            _check_place(location, place)
        if is_local(place) and known not in checked:
            _check_writable(Path(known))
        checked.add(known)


def write_target(path: str, chunks: Iterable[bytes], *, expected_size: int | None = None) -> WrittenFile:
    """
    Write a target file in constant memory; readers see the whole file or what was there before.

    Folders are made as needed. A failure leaves neither a part of the file nor a temporary one. A symbolic
    link stays, and the file that it leads to is replaced.

    :param path: local path or URL.
    :param chunks: the content; its errors pass through.
    :param expected_size: bytes that were announced.
    :raises PhraseDownloadError: more or fewer bytes arrived.
    """
    location = locate(path)
    if is_local(location):
        target = Path(identity(location))
        target.parent.mkdir(parents=True, exist_ok=True)
        with _spooled(location, chunks, expected_size, target.parent) as (whole, written):
            whole.replace(target)
            return written
    fs, inner = filesystem(location)
    with _spooled(location, chunks, expected_size, Path(tempfile.gettempdir())) as (whole, written):
        _upload(fs, whole, inner)
        return written


def remove_target(path: str, sha256: str) -> bool:
    """
    Remove a target file if it is what was written, and return whether it is gone.

    :param path: local path or URL.
    :param sha256: of the content that was written, in hex.
    """
    location = locate(path)
    fs, inner = filesystem(location)
    if not fs.exists(inner):
        return True
    if not fs.isfile(inner) or checksum(location) != sha256:
        return False
    fs.rm_file(inner)
    return True


def _check_place(path: str, place: str) -> None:
    fs, inner = filesystem(place)
    if fs.isdir(inner):
        raise PhraseInputError(
            f"The target {shown(path)} is a folder", hint="Remove it or change the target naming."
        )
    if is_local(place):
        _check_regular(path, Path(place))


def _check_regular(path: str, target: Path) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise PhraseInputError(
                f"The target {shown(path)} is a symbolic link that leads in a circle",
                hint="Remove the link or change the target naming.",
            ) from error
        # What else is wrong with the folder, writing into it tells.
        return
    if not stat.S_ISREG(mode):
        raise PhraseInputError(
            f"The target {shown(path)} is a pipe, a device or a socket, not a file",
            hint="Remove it or change the target naming.",
        )


def _check_writable(folder: Path) -> None:
    try:
        while not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise PhraseInputError(
            f"Nothing can be written in {shown(str(folder))}: {error.strerror}",
            hint="Choose another target folder, or let the user that runs the task write there.",
        ) from error


@contextmanager
def _spooled(
    location: str, chunks: Iterable[bytes], expected_size: int | None, folder: Path
) -> Iterator[tuple[Path, WrittenFile]]:
    digest = hashlib.sha256()
    with spool(location, folder) as (path, file):
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        size = file.tell()
        _check_size(location, size, expected_size)
        file.flush()
        os.fsync(file.fileno())
        yield path, WrittenFile(location, size, digest.hexdigest())


def _check_size(location: str, size: int, expected_size: int | None) -> None:
    if expected_size is not None and size != expected_size:
        raise PhraseDownloadError(
            f"{location}: {size} bytes arrived, {expected_size} were announced",
            hint="Export the target file again: a download works once.",
        )


def _upload(fs: FileSystem, whole: Path, path: str) -> None:
    # In others than these a file grows in sight.
    if not OBJECT_STORES.isdisjoint([fs.protocol] if isinstance(fs.protocol, str) else fs.protocol):
        fs.put_file(str(whole), path)
        return
    folder = parent(path)
    fs.makedirs(folder, exist_ok=True)
    beside = join(folder, part_name(path))
    with ExitStack() as clean_up:
        clean_up.callback(_remove, fs, beside)
        fs.put_file(str(whole), beside)
        _replace(fs, beside, path)
        clean_up.pop_all()


def _remove(fs: FileSystem, path: str) -> None:
    with suppress(OSError):
        fs.rm_file(path)


def _replace(fs: FileSystem, source: str, target: str) -> None:
    try:
        fs.mv(source, target)
        if not fs.exists(source):
            return
    except OSError:
        if not fs.exists(target):
            raise
    # SMB and WebHDFS do not rename onto a file; the latter does not even say so.
    fs.rm_file(target)
    fs.mv(source, target)
