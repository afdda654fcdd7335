"""Which names of files and folders are taken, and how they are shown to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.tms.job_request import MAX_NAME
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.storage import is_object_store
from phrase_provider.text import composed, flaw, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes that a file or folder name may have in common file systems (``NAME_MAX``).
MAX_COMPONENT_BYTES = 255
#: Bytes of an object's whole key (S3, Google Cloud Storage and Azure alike).
MAX_KEY_BYTES = 1024

_RENAME = "Rename the file."
#: Characters that part folders, or that file systems and URLs give a meaning.
_MEANINGFUL = frozenset('/\\:*?"<>|#%{}')
#: Characters of a name that is made fit for a folder; each has four bytes at most.
_LONGEST_NAME = 60


class Offence(NamedTuple):
    """
    Why something cannot be used.

    :param problem: a sentence without its full stop, fit to be printed.
    :param mend: what to do about it.
    """

    problem: str
    mend: str


def shown(path: str) -> str:
    """Return a path as it is printed: without anything that acts on a terminal, and not endless."""
    return printable(path, 1000)


def unnameable(path: str) -> Offence | None:
    """Return the offence of a path that is not UTF-8 or has control characters; None for others."""
    reason = flaw(path)
    return (
        Offence(f"The path {shown(path)} {reason}", "Rename the file, or the folder it is in.")
        if reason
        else None
    )


def is_zip_name(name: str) -> bool:
    """Return whether Phrase takes a file for a ZIP; it goes by the suffix."""
    return name.lower().endswith(".zip")


def is_archive(path: str) -> Offence:
    """Return the offence of a ZIP file: Phrase makes jobs of each file in it, which nobody waits for."""
    return Offence(
        f"{shown(path)} is a ZIP file, of which Phrase makes several jobs",
        "Unpack the ZIP file and give the files in it.",
    )


def source_name_offences(path: str, relative_path: str) -> Iterator[Offence]:
    """
    Yield what keeps Phrase from taking a file under its name.

    :param path: absolute local path or URL.
    :param relative_path: path below the base folder.
    """
    if offence := unnameable(path):
        yield offence
    if "\\" in relative_path:
        yield Offence(f"{shown(path)}: a backslash parts folders in Phrase", _RENAME)
    if is_zip_name(relative_path):
        yield is_archive(path)
    if len(relative_path) > MAX_NAME:
        yield Offence(
            f"{shown(path)}: folder and name take {len(relative_path)} characters, Phrase keeps {MAX_NAME}",
            "Shorten the name, or set a base nearer to the file.",
        )


def require_relative_path(relative_path: str) -> str:
    """
    Return the relative path of a planned file, if it names a file below a folder, and in one way only.

    :raises PhraseInputError: it is absolute, not UTF-8, or has ``..``, ``.``, a backslash, control
        characters or nothing between slashes.
    """
    parts = relative_path.split("/")
    if {"", ".", ".."}.isdisjoint(parts) and "\\" not in relative_path and not flaw(relative_path):
        return relative_path
    raise PhraseInputError(
        f"The relative path '{shown(relative_path)}' of a planned file names no file below the base folder",
        hint="Write it with / and without '..', '.' and empty parts, as the plan does.",
    )


def safe_name(name: str, fallback: str) -> str:
    """
    Return a name that somebody gave to something else as the name of one folder, in any common file system.

    :param name: such as that of a project; what parts folders or has a meaning elsewhere becomes ``-``.
    :param fallback: taken where nothing is left of it.
    """
    plain = "".join(
        char if char.isprintable() and char not in _MEANINGFUL else "-" for char in composed(name)
    )
    # Windows drops dots and blanks at the end; a dot at the beginning hides, and two lead upwards.
    short = plain.strip(" .")[:_LONGEST_NAME].strip(" .")
    return short if short.strip("-") else fallback


def require_absolute(path: str) -> str:
    """
    Return the path of a planned file, if it is complete.

    :param path: local path or URL.
    :raises PhraseInputError: it is relative, not UTF-8, or has ``..`` or control characters.
    """
    absolute = path.startswith("/") or "://" in path
    if absolute and ".." not in path.split("/") and not flaw(path):
        return path
    raise PhraseInputError(
        f"The path '{shown(path)}' of a planned file is not absolute, or cannot be a path",
        hint="Give a whole path or URL without '..', as the plan does.",
    )


def require_target_name(path: str) -> str:
    """
    Return the path of a target, if a file can have it.

    :param path: local path or URL, as it was given.
    :raises PhraseInputError: it is not UTF-8, has control characters, ``..`` or a backslash, or is too long.
    """
    if problem := _target_problem(path):
        raise PhraseInputError(
            f"The target '{shown(path)}' {problem}",
            hint="Change the target folder or target_naming, or rename the source.",
        )
    return path


def _target_problem(path: str) -> str | None:
    if reason := flaw(path):
        return reason
    parts = path.split("/")
    if ".." in parts:
        return "has '..' in it, and might lead out of the target folder"
    if "\\" in path:
        return "has a backslash in it; folders are parted by /"
    if is_object_store(path):
        size, limit = _size(path.partition("://")[2].partition("/")[2]), MAX_KEY_BYTES
    else:
        size, limit = max(map(_size, parts)), MAX_COMPONENT_BYTES
    return f"has a name of {size:,} bytes, {limit:,} are possible" if size > limit else None


def _size(text: str) -> int:
    return len(text.encode())
