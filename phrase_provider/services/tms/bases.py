"""The folder from which a batch counts the folders of its files: it belongs to the batch, not to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError, PhrasePermissionError
from phrase_provider.files.storage import locate
from phrase_provider.services.tms.markers import MAX_NOTE, read_markers, with_base
from phrase_provider.text import composed, flaw, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.waiting.conditions import Logger


def read_base(base: str | None) -> str | None:
    """
    Return a base as it is compared and kept: a local path absolute, a URL as it is.

    :param base: as the caller gave it; None or blank: none.
    :raises PhraseInputError: it has characters that do not fit on a line of text.
    """
    if not base or not base.strip():
        return None
    if reason := flaw(base):
        raise PhraseInputError(f"The base '{printable(base)}' {reason}", hint="Rename the folder.")
    return locate(base)


def base_of(sources: Iterable[SourceFile]) -> str | None:
    """Return the base that all files have; None where they have none, or different ones."""
    bases = {source.base for source in sources}
    return bases.pop() or None if len(bases) == 1 else None


def known_base(project: ProjectDtoV1) -> str | None:
    """Return the base of the batch that a project belongs to; None where it is not known."""
    marks = read_markers(project.get("note"))
    return marks.base if marks else None


def require_base(project: ProjectDtoV1, base: str | None) -> None:
    """
    Check that a run counts folders from where its batch does.

    :param project: of the batch, as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    :param base: of the run; None: not known.
    :raises PhraseInputError: they differ.
    """
    known = known_base(project)
    if known and base and _form(known) != _form(base):
        raise PhraseInputError(
            f"The batch of project {project['uid']} counts folders from {printable(known, 1000)}, this "
            f"run from {printable(base, 1000)}: each file would be another one, and charged again",
            hint=f"Nothing was sent. Set base to {printable(known, 1000)}, whatever the source is, or use "
            "another batch id.",
        )


def keep_base(client: TmsClient, project: ProjectDtoV1, base: str | None, log: Logger) -> None:
    """
    Write a base into the note of a project that this package made before there were bases.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    :param base: of the run; None: not known, nothing is written.
    :param log: gets a line when it is written, or cannot be.
    """
    marks = read_markers(project.get("note"))
    if not base or not marks or marks.base:
        return
    note = with_base(project["note"], base)
    if len(note) > MAX_NOTE:
        log.warning("The note of project %s has no room for the base %s.", project["uid"], printable(base))
        return
    try:
        client.projects.set_note(project["uid"], note)
    except PhrasePermissionError as error:
        log.warning("The base %s could not be noted in the project. %s", printable(base), error)
        return
    log.info("From now on this batch counts folders from %s.", printable(base))


def _form(base: str) -> str:
    return composed(base).rstrip("/")
