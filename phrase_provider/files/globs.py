"""What paths, URLs and globs of sources find in their stores."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.files.names import Offence, shown, unnameable
from phrase_provider.files.stamps import stamp_of
from phrase_provider.files.storage import filesystem, is_local, join, locate, parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phrase_provider.files.storage import FileSystem

_GLOB = re.compile(r"[*?\[]")


class Match(NamedTuple):
    """
    A file that was found.

    :param path: absolute local path or URL.
    :param size: bytes.
    :param folder: the one before a glob's first wildcard, or the file's.
    :param stamp: see :func:`~phrase_provider.files.stamps.stamp_of`.
    """

    path: str
    size: int
    folder: str
    stamp: str


def expand_all(items: Iterable[str]) -> tuple[list[Match], list[Offence]]:
    """
    Return the files that paths, URLs and globs find, and why one of these finds nothing that can be used.

    :param items: as people write them; globs skip hidden files and folders.
    """
    matches: list[Match] = []
    offences: list[Offence] = []
    for item in items:
        found = unnameable(item) or _expand(locate(item))
        if isinstance(found, Offence):
            offences.append(found)
        else:
            matches += found
    return matches, offences


def _expand(location: str) -> list[Match] | Offence:
    prefix, pattern = _split_glob(location)
    fs, root = filesystem(prefix)
    inner = join(root, pattern) if pattern else root
    if pattern and not fs.isfile(inner):
        mend = "Check the glob; hidden files are skipped, and ** crosses folders."
        return list(_glob(fs, prefix, root, pattern)) or Offence(f"nothing matches {shown(location)}", mend)
    try:
        info = fs.info(inner)
    except FileNotFoundError:
        mend = "Check the path; each worker must reach it."
        return Offence(f"{shown(location)} does not exist", mend)
    if info["type"] == "directory":
        return Offence(f"{shown(location)} is a folder", f"Name its files: {shown(join(location, '**/*'))}")
    if info["type"] != "file":
        return Offence(f"{shown(location)} is neither a file nor a folder", "Name a regular file.")
    stamp = stamp_of(info, local=is_local(location), now=time.time())
    return [Match(location, info["size"], parent(location), stamp)]


def _split_glob(location: str) -> tuple[str, str]:
    parts = location.split("/")
    first = next((index for index, part in enumerate(parts) if _GLOB.search(part)), len(parts))
    return "/".join(parts[:first]) or "/", "/".join(parts[first:])


def _glob(fs: FileSystem, prefix: str, root: str, pattern: str) -> Iterator[Match]:
    # Taken before the store is asked: what changes meanwhile has changed just now.
    now, local = time.time(), is_local(prefix)
    for name, info in fs.glob(join(root, pattern), detail=True).items():
        # Stores differ in whether a path starts with a slash.
        relative_path = name.strip("/").removeprefix(root.strip("/")).lstrip("/")
        if any(part.startswith(".") for part in relative_path.split("/")):
            continue
        # A link's own entry is neither file nor folder; one that leads nowhere matches nothing.
        facts = fs.info(name) if info.get("islink") and fs.isfile(name) else info
        if facts["type"] == "file":
            stamp = stamp_of(facts, local=local, now=now)
            yield Match(join(prefix, relative_path), facts["size"], prefix, stamp)


class SourceGlobs:
    """
    Tells which glob of a source would find a path.

    :param source: as in :func:`~phrase_provider.files.sources.find_sources`.
    """

    def __init__(self, source: str | Sequence[str]) -> None:
        from fsspec.utils import glob_translate  # type: ignore[import-untyped]

        items = [source] if isinstance(source, str) else source
        self._globs = {
            item: re.compile(glob_translate(locate(item))).fullmatch for item in items if _GLOB.search(item)
        }

    def matching(self, path: str) -> str | None:
        """
        Return the first glob that would find a path; None: none would.

        :param path: absolute local path or URL.
        """
        return next((item for item, fits in self._globs.items() if fits(path)), None)
