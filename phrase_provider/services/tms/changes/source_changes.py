"""What a run has to do about each source file, in a list at a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict, cast

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.storage import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: ``new``: not in Phrase. ``changed``: in Phrase with other content. ``languages``: in Phrase as it is, but
#: not in all languages. ``open``: in Phrase as it is, and not delivered. ``deleted``: gone from the source.
ChangeKind = Literal["new", "changed", "languages", "deleted", "open"]

#: What is done about deleted sources: they are named; their jobs are cancelled; and their targets removed.
REPORT, CANCEL, REMOVE = ON_DELETE = ("report", "cancel", "remove")


class KnownJob(TypedDict):
    """The job that a file has in one language: its part of the highest workflow level."""

    project_uid: str
    job_uid: str


class SourceChange(TypedDict):
    """
    What a run has to do about one source file; its kind is that of the most that is to be done.

    ``path`` is where it is, ``relative_path`` its path below ``base``. ``sha256`` and ``size`` are of its
    content now (of a deleted file: as last known), ``words`` is an estimate for one language, None where
    nothing is to be sent. ``target_langs`` are the languages (Phrase codes) that are to
    be created or updated: those with an entry in ``jobs`` are updated, the others created. ``open_langs`` are
    in Phrase with this content, not delivered, and only taken over by this run. ``targets`` has the path of
    the target for all of these, ``jobs`` the job of every language of the file that has one and needs no
    other, also of those that the run does not want. Of a deleted file they are what the manifest has.
    """

    kind: ChangeKind
    path: str
    relative_path: str
    base: str
    size: int
    sha256: str
    words: int | None
    target_langs: list[str]
    open_langs: list[str]
    targets: dict[str, str]
    jobs: dict[str, KnownJob]


class ChangeList:
    """
    The changes that a run found.

    :param location: local path or URL that all workers reach.
    """

    def __init__(self, location: str) -> None:
        self.location = locate(location)

    def read(self) -> Iterator[SourceChange]:
        """
        Yield the changes, in constant memory.

        :raises FileNotFoundError: it is not there.
        """
        return (cast("SourceChange", record) for record in read_json_lines(self.location))

    def write(self, changes: Iterable[SourceChange]) -> None:
        """Write all changes, in place of those that were there."""
        write_json_lines(self.location, changes)


def require_on_delete(value: object) -> str:
    """
    Return what is to be done about deleted sources.

    :param value: as the caller gave it.
    :raises PhraseInputError: it is none of :data:`ON_DELETE`.
    """
    text = str(value or REPORT).strip().lower()
    if text not in ON_DELETE:
        raise PhraseInputError(f"on_delete is {value!r}", hint=f"Use one of {', '.join(ON_DELETE)}.")
    return text
