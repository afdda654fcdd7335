"""Local paths and :class:`~airflow.sdk.ObjectStoragePath` URLs behind one file system interface."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, TypedDict, cast

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Stores of objects with keys: there are no folders, and a file appears when its last byte has arrived.
OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl"})

_LOCAL_SCHEMES = ("file", "local")


class FileInfo(TypedDict, total=False):
    """What fsspec's file systems tell of a file or folder, as far as it is read."""

    name: str
    type: str
    size: int
    islink: bool
    ino: int
    created: float
    mtime: float
    etag: str
    ETag: str


class FileSystem(Protocol):
    """What this package uses of fsspec's file systems."""

    @property
    def protocol(self) -> str | tuple[str, ...]: ...
    def exists(self, path: str) -> bool: ...
    def glob(self, path: str, *, detail: bool) -> Mapping[str, FileInfo]: ...
    def info(self, path: str) -> FileInfo: ...
    def invalidate_cache(self, path: str) -> None: ...
    def isdir(self, path: str) -> bool: ...
    def isfile(self, path: str) -> bool: ...
    def ls(self, path: str, detail: bool) -> list[str]: ...
    def makedirs(self, path: str, exist_ok: bool) -> None: ...
    def mv(self, path1: str, path2: str) -> None: ...
    def open(self, path: str, mode: str) -> IO[bytes]: ...
    def put_file(self, lpath: str, rpath: str) -> None: ...
    def rm_file(self, path: str) -> None: ...


def locate(location: str) -> str:
    """
    Write a place so that every process finds it: a local path absolute, a URL as it is.

    :param location: local path, ``file://`` URL, or a URL such as ``s3://conn_id@bucket/key``.
    """
    scheme, mark, rest = location.partition("://")
    if mark and scheme not in _LOCAL_SCHEMES:
        return location.rstrip("/")
    path = rest if mark else location
    return os.path.normpath(path if path.startswith("/") else Path.cwd() / path)


def is_local(location: str) -> bool:
    """Return whether a place from :func:`locate` lies in this machine's own file system."""
    return "://" not in location


def is_object_store(location: str) -> bool:
    """Return whether a place is the key of an object."""
    scheme, mark, _ = location.partition("://")
    return bool(mark) and scheme in OBJECT_STORES


def store_of(location: str) -> str:
    """Return the part of a place that names its store, such as ``s3://conn_id@bucket``; ``""`` if local."""
    return "" if is_local(location) else "/".join(location.split("/")[:3])


def identity(location: str) -> str:
    """Return what two names of the same file have in common: symbolic links followed, URLs as they are."""
    # Not Path.resolve: it raises where links lead in a circle.
    return os.path.realpath(location) if is_local(location) else location


def identities(locations: Iterable[str]) -> dict[str, str]:
    """Return the identity of each place, as :func:`identity` does, following the links of a folder once."""
    real_folder = cache(os.path.realpath)
    return {
        location: _in_folder(real_folder(parent(location)), location) if is_local(location) else location
        for location in locations
    }


def _in_folder(folder: str, location: str) -> str:
    place = join(folder, location.rpartition("/")[2])
    return os.path.realpath(place) if Path(place).is_symlink() else place


def join(folder: str, relative_path: str) -> str:
    """Return the name of a file below a folder."""
    return f"{folder.rstrip('/')}/{relative_path}"


def parent(location: str) -> str:
    """Return the folder of a file."""
    return location.rpartition("/")[0] or "/"


def filesystem(location: str) -> tuple[FileSystem, str]:
    """
    Open the file system of a place.

    :param location: a place from :func:`locate`.
    :return: the file system, and the place's path within it.
    :raises PhraseInputError: no file system is installed for the URL's scheme.
    """
    if is_local(location):
        from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

        return LocalFileSystem(), location
    from airflow.sdk import ObjectStoragePath

    try:
        path = ObjectStoragePath(location)
        return cast("FileSystem", path.fs), path.path
    except (ValueError, ImportError) as error:
        raise PhraseInputError(
            f"{printable(location)} cannot be opened: {error}",
            hint="Install the Airflow provider of that store, with its file system extra.",
        ) from error
