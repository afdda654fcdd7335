"""The jobs of a run in a file, at a path: too many for an XCom."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.storage import locate

if TYPE_CHECKING:
    from collections.abc import Iterable


class ListedJob(TypedDict, total=False):
    """
    A file in one language, as a run's list has it.

    ``job_uid`` is of the job part of the highest workflow level, None where there is none because it failed.
    ``source`` is the location of the source file, ``relative_path`` its path below ``base``; ``sha256`` the
    checksum of the content that Phrase has of it. ``outcome`` is ``created``, ``updated``, ``cloned``,
    ``adopted`` (open since an earlier run), ``deleted`` or ``failed``, the last with an ``error``.
    """

    project_uid: str
    job_uid: str | None
    target_lang: str
    source: str
    relative_path: str
    target_path: str | None
    sha256: str
    words: int | None
    outcome: str
    error: str | None


class JobList:
    """
    A run's list of jobs.

    :param location: local path or URL that all workers reach.
    """

    def __init__(self, location: str) -> None:
        self.location = locate(location)

    def read(self) -> list[ListedJob]:
        """
        Return all rows.

        :raises FileNotFoundError: it is not there.
        """
        return [cast("ListedJob", record) for record in read_json_lines(self.location)]

    def write(self, jobs: Iterable[ListedJob]) -> None:
        """Write all rows, in place of those that were there."""
        write_json_lines(self.location, jobs)
