"""The lines in a project's note by which a later look finds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phrase_provider.once.ledger import short_hash

if TYPE_CHECKING:
    from collections.abc import Mapping


class ProjectMarkers:
    """
    Marks a project with the batch of content it holds, and with the task that made it.

    :param batch_id: the caller's name for the content.
    :param template_uid: the template it was made from; another template makes another project.
    :param task_run: names the task and its run.
    :param anew: names a creation that a person asked for although the batch has a project.
    """

    def __init__(self, batch_id: str, template_uid: str, task_run: str, anew: str = "") -> None:
        #: What all projects of the batch have.
        self.batch = f"[airflow-provider-phrase batch {short_hash(template_uid, batch_id)}"
        #: What those of the same creation have.
        self.own = f"{self.batch} anew {short_hash(task_run, anew)}]" if anew else f"{self.batch}]"
        self._anew = bool(anew)
        self._run = f"[airflow-provider-phrase run {short_hash(task_run)}]"

    def append_to(self, note: str) -> str:
        """Add the markers below a note."""
        return f"{note}\n{self.own}\n{self._run}".strip()

    def is_mine(self, note: str) -> bool:
        """Tell whether the same task of the same run made a project."""
        return self._run in note

    def to_use(self, notes: Mapping[str, str], used: str | None) -> str:
        """
        Choose among the projects of a batch those that count.

        :param notes: of the projects by uid, the oldest first.
        :param used: uid of the one that the task has used before; None: none yet.
        :return: the marker that they have: that of the one that was used; else, where a person had the
            project created anew, that of the last time.
        """
        if used or self._anew:
            return marker_in(notes.get(used or "", "")) or self.own
        anew = re.findall(rf"{re.escape(self.batch)} anew \w+\]", "\n".join(notes.values()))
        return anew[-1] if anew else self.own


def marker_in(note: str) -> str | None:
    """
    Read which creation a project belongs to.

    :param note: of the project.
    :return: the marker; None where this package did not create it, or a person changed the note.
    """
    found = re.search(r"\[airflow-provider-phrase batch \w+( anew \w+)?\]", note)
    return found[0] if found else None
