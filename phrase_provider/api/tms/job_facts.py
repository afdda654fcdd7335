"""What is judged of a job part, checked when it is read: the rest would lie in memory for weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from phrase_provider.api.fields import optional_record, optional_text, record, text
from phrase_provider.api.tms.jobs import file_of, is_split, level_of
from phrase_provider.exceptions import PhraseServerError

if TYPE_CHECKING:
    from collections.abc import Iterable


class ImportStatus(TypedDict):
    """Phrase's word on the import of a file."""

    status: str | None
    errorMessage: str | None


class JobFacts(TypedDict):
    """
    A job part as far as a wait judges it.

    ``status`` is None only where no status was required, ``importStatus`` where Phrase shows none;
    ``file`` names the file and language of a split job, and is None for others.
    """

    uid: str
    status: str | None
    importStatus: ImportStatus | None
    imported: bool
    filename: str | None
    dateDue: str | None
    level: int
    file: tuple[object, ...] | None


class Unreadable(NamedTuple):
    """
    A job part on a page that cannot be judged.

    :param error: names the field.
    :param uid: None: that is what cannot be read.
    :param filename: None: not told.
    """

    error: PhraseServerError
    uid: str | None
    filename: str | None


def facts_of(part: object, *, with_status: bool) -> JobFacts:
    """
    Return what is judged of a job part.

    :param part: as any read of Phrase shows it.
    :param with_status: whether its status is awaited: then it must be there.
    :raises PhraseServerError: a field that is needed is missing or malformed; it is named.
    """
    item = record(part, "a job of the project")
    uid = text(item, "uid", "a job of the project")
    owner = f"job {uid}"
    due = item.get("dateDue")
    return {
        "uid": uid,
        "status": text(item, "status", owner) if with_status else None,
        "importStatus": import_status(item, owner),
        "imported": bool(item.get("imported")),
        "filename": optional_text(item, "filename", owner),
        # A hint for the deadline: one that cannot be read is none.
        "dateDue": due if isinstance(due, str) else None,
        "level": level_of(item),
        "file": file_of(item) if is_split(item) else None,
    }


def facts_or_error(part: object, *, with_status: bool) -> JobFacts | Unreadable:
    """Return what :func:`facts_of` does, or why it cannot: one bad item spoils no page."""
    try:
        return facts_of(part, with_status=with_status)
    except PhraseServerError as error:
        item = part if isinstance(part, dict) else {}
        uid, filename = (item.get(name) for name in ("uid", "filename"))
        return Unreadable(
            error,
            uid if isinstance(uid, str) else None,
            filename if isinstance(filename, str) else None,
        )


def all_facts(parts: Iterable[dict[str, Any]], *, with_status: bool) -> list[JobFacts]:
    """Return what :func:`facts_of` does, for each part."""
    return [facts_of(part, with_status=with_status) for part in parts]


def import_status(item: dict[str, Any], owner: str) -> ImportStatus | None:
    """
    Return the import of a job part, or of an analysis.

    :param item: as Phrase shows it.
    :param owner: what it is, for the message.
    :raises PhraseServerError: it is there, and malformed.
    """
    told = optional_record(item, "importStatus", owner)
    if told is None:
        return None
    where = f"importStatus of {owner}"
    return {
        "status": optional_text(told, "status", where),
        "errorMessage": optional_text(told, "errorMessage", where),
    }
