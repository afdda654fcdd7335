"""Files of a glob that are left out on purpose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.storage import locate
from phrase_provider.text import composed, flaw, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Matches = Callable[[str, str], bool]


class LeftOut(NamedTuple):
    """
    A file that a source names, and a run does not take.

    :param path: absolute local path or URL.
    :param reason: ``excluded`` or ``empty``.
    """

    path: str
    reason: str


class Exclusion:
    """
    Tells which files are excluded.

    :param patterns: globs, or one for each line of a text; blank ones do not count. One without ``/`` is
        compared with each folder and the name of a file (``*.tmp``, ``drafts``), others with the path below
        the base (``legal/**/*.md``), or with the whole path where they begin as one (``/``, ``s3://``). A
        folder stands for all that is in it.
    :raises PhraseInputError: a pattern is not UTF-8, or has control characters.
    """

    def __init__(self, patterns: str | Sequence[str] | None) -> None:
        lines = patterns.splitlines() if isinstance(patterns, str) else patterns or ()
        self._rules = [_rule(line.strip()) for line in lines if line.strip()]

    def matches(self, path: str, relative_path: str) -> bool:
        """
        Return whether a file is excluded.

        :param path: absolute local path or URL.
        :param relative_path: path below the base folder.
        """
        return any(rule(path, relative_path) for rule in self._rules)


def _rule(pattern: str) -> Matches:
    from fsspec.utils import glob_translate  # type: ignore[import-untyped]

    if reason := flaw(pattern):
        raise PhraseInputError(
            f"The exclude pattern '{printable(pattern)}' {reason}", hint="Write one pattern for each line."
        )
    is_whole = pattern.startswith("/") or "://" in pattern
    glob = locate(pattern) if is_whole else pattern.removeprefix("./").rstrip("/")
    fits = re.compile(glob_translate(composed(glob))).fullmatch
    if is_whole:
        return lambda path, _: any(map(fits, _with_folders(path)))
    if "/" in glob:
        return lambda _, relative_path: any(map(fits, _with_folders(relative_path)))
    return lambda _, relative_path: any(map(fits, composed(relative_path).split("/")))


def _with_folders(path: str) -> Iterator[str]:
    parts = composed(path).split("/")
    for end in range(len(parts), 0, -1):
        yield "/".join(parts[:end])
