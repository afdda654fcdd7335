"""The files of a manifest's folders, as they are there now."""

from __future__ import annotations

from contextlib import suppress

from phrase_provider.files.storage import filesystem, join


def files_in(folder: str, suffix: str) -> list[str]:
    """
    Return the files of a folder as they are there now, sorted by name, without hidden ones.

    :param folder: a place from :func:`~phrase_provider.files.storage.locate`; need not exist.
    :param suffix: of their names.
    """
    fs, inner = filesystem(folder)
    # File systems of object stores remember what they listed.
    fs.invalidate_cache(inner)
    try:
        listed = fs.ls(inner, detail=False)
    except FileNotFoundError:
        return []
    names = (name.rstrip("/").rpartition("/")[2] for name in listed)
    return [join(folder, name) for name in sorted(names) if name.endswith(suffix) and name[0] != "."]


def remove(file: str) -> None:
    """
    Remove a file, unless somebody has removed it already.

    :param file: location.
    """
    fs, inner = filesystem(file)
    with suppress(FileNotFoundError):
        fs.rm_file(inner)
