"""The lines in a project's note by which a later look finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.idempotency.keys import short_hash
from phrase_provider.text import normal_forms

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Characters that a project's note may have in Phrase.
MAX_NOTE = 4096

_PREFIX = "[airflow-provider-phrase "
#: Sentence for people, below the markers.
KEEP = "Please keep the lines in brackets: Airflow finds this project by them."
_BATCH = (
    r"^[ \t]*(?P<line>(?P<batch>\[airflow-provider-phrase batch [0-9a-f]{24})"
    r"(?: anew (?P<recreate_key>[0-9a-f]{24}))?\])"
)
_BATCH_LINE = re.compile(rf"{_BATCH}[ \t]*$", re.MULTILINE)
_MARKERS = re.compile(
    rf"{_BATCH}[ \t]*\n"
    r"[ \t]*(?P<run>\[airflow-provider-phrase run [0-9a-f]{24}\])[ \t]*"
    r"(?:\n[ \t]*\[airflow-provider-phrase base (?P<base>.+)\][ \t]*)?$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Markers:
    """
    What a project's note tells of it.

    :param batch: what all projects of a batch have.
    :param recreate_key: tells creations of one batch apart that a person has asked for; ``""`` for the first.
    :param run: names the task and run that made it.
    :param base: folder from which the batch's folders are counted; None: of an earlier version.
    """

    batch: str
    recreate_key: str
    run: str
    base: str | None


def read_markers(note: str | None) -> Markers | None:
    """
    Return the markers in a project's note, each on a line of its own as this package writes them.

    :param note: of the project; what a person filled in comes before the markers, so that the last count.
    :return: None where this package did not create the project, or a person changed the lines.
    """
    found = list(_MARKERS.finditer(_lines(note)))
    if not found:
        return None
    last = found[-1]
    return Markers(last["batch"], last["recreate_key"] or "", last["run"], last["base"])


def batch_line(note: str | None) -> str | None:
    """
    Return the line that names a project's batch and creation, for a warning: no project is taken by it alone.

    :param note: of the project.
    """
    found = list(_BATCH_LINE.finditer(_lines(note)))
    return found[-1]["line"] if found else None


def with_base(note: str, base: str) -> str:
    """
    Return a note with a base added to its markers.

    :param note: of a project whose markers have none.
    :param base: folder.
    """
    text = _lines(note)
    end = list(_MARKERS.finditer(text))[-1].end()
    return f"{text[:end]}\n{_base_line(base)}{text[end:]}"


def require_no_markers(note: str) -> str:
    """
    Return the part of a note that the user fills.

    :raises PhraseInputError: it has a marker, by which another batch would find this project.
    """
    if _PREFIX.strip().casefold() in note.casefold():
        raise PhraseInputError(
            f"The note contains {_PREFIX.strip()!r}, by which runs find the project of a batch",
            hint="Leave these lines out: they are added by this package, and belong to one project only.",
        )
    return note


class ProjectMarkers:
    """
    Marks a project with the batch of content it holds, and with the task that made it.

    :param batch_id: the caller's name for the content.
    :param template_uid: the template it was made from; another template makes another project.
    :param task_run: names the task and its run.
    :param recreate_key: names a creation that a person asked for although the batch has a project; empty
        otherwise.
    :param base: folder from which the batch's folders are counted; None: not known.
    """

    def __init__(
        self, batch_id: str, template_uid: str, task_run: str, recreate_key: str = "", base: str | None = None
    ) -> None:
        #: Markers of the batch, by the Unicode forms of its id: earlier versions took it as it came.
        self.batches = {
            form: f"{_PREFIX}batch {short_hash(template_uid, form)}" for form in normal_forms(batch_id)
        }
        self._batch = next(iter(self.batches.values()))
        self._recreate_key = short_hash(task_run, recreate_key) if recreate_key else ""
        #: Marker of the batch and of this creation.
        self.own = f"{self._batch} anew {self._recreate_key}]" if recreate_key else f"{self._batch}]"
        self._run = f"{_PREFIX}run {short_hash(task_run)}]"
        self._base = base

    def append_to(self, note: str) -> str:
        """
        Return a note with the markers below it.

        :raises PhraseInputError: the note has markers.
        """
        lines = [require_no_markers(note), self.own, self._run]
        return "\n".join([*lines, *([_base_line(self._base)] if self._base else []), KEEP]).strip()

    def is_mine(self, markers: Markers) -> bool:
        """Return whether the same task of the same run made a project."""
        return markers.run == self._run

    def are_of_batch(self, markers: Markers | None) -> bool:
        """Return whether a project is of this batch."""
        return markers is not None and markers.batch in self.batches.values()

    def to_use(self, marked: Mapping[str, Markers], used: str | None) -> str:
        """
        Return which of the creations of a batch counts.

        :param marked: markers of the projects by uid, the oldest first.
        :param used: uid of the one that the task has used before; None: none yet.
        :return: its :attr:`Markers.recreate_key`: that of the one that was used; else, where a person had the
            project recreated, that of the last time.
        """
        if used or self._recreate_key:
            known = marked.get(used or "")
            return known.recreate_key if known else self._recreate_key
        keys = [markers.recreate_key for markers in marked.values() if markers.recreate_key]
        return keys[-1] if keys else ""


def _base_line(base: str) -> str:
    return f"{_PREFIX}base {base}]"


def _lines(note: str | None) -> str:
    return (note or "").replace("\r\n", "\n").replace("\r", "\n")
