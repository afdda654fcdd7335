"""The facts of a job part that a wait evaluates, checked when they are read; the rest is let go of."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.fields import optional_text, record, text
from phrase_provider.api.tms.imports import ImportFacts, import_facts
from phrase_provider.api.tms.job_parts import file_of, is_split, level_of
from phrase_provider.exceptions import PhraseServerError
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Providers of a job part that are named, and characters of a name.
_PEOPLE, _NAME = 2, 60


class JobFacts(ImportFacts):
    """
    A job part as far as a wait evaluates it.

    ``status`` is None only where no status was required; ``file`` names the file and language of a split
    job, and is None for others; ``due_date`` is written as Phrase does. ``step`` and ``providers``
    are texts for people, fit to be printed: empty without workflow, and where Phrase shows nobody, which
    does not mean that nobody is assigned.
    """

    uid: str
    status: str | None
    filename: str | None
    target_lang: str | None
    due_date: str | None
    level: int
    step: str
    providers: str
    file: tuple[object, ...] | None


class Unreadable(NamedTuple):
    """
    A job part on a page that cannot be read.

    :param error: names the field.
    :param uid: None: that is what cannot be read.
    :param filename: None: not told.
    """

    error: PhraseServerError
    uid: str | None
    filename: str | None


def facts_of(part: object, *, with_status: bool) -> JobFacts:
    """
    Return the facts of a job part.

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
        **import_facts(item, owner),
        "filename": optional_text(item, "filename", owner),
        "target_lang": _word(item.get("targetLang")) or None,
        # A hint for the deadline: one that cannot be read is none.
        "due_date": due if isinstance(due, str) else None,
        "level": level_of(item),
        "step": _step(item),
        "providers": _providers(item),
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


def all_facts(parts: Iterable[object], *, with_status: bool) -> list[JobFacts]:
    """Return what :func:`facts_of` does, for each part."""
    return [facts_of(part, with_status=with_status) for part in parts]


def _step(item: Mapping[str, object]) -> str:
    """Return the workflow step, such as ``step 2 Revision``; a text that no result depends on."""
    step = item.get("workflowStep")
    name = _word(step.get("name")) if isinstance(step, dict) else ""
    return sys.intern(f"step {level_of(item)} {name}") if name else ""


def _providers(item: Mapping[str, object]) -> str:
    """Return the names of those who have a job part; a text that no result depends on."""
    listed = item.get("providers")
    people = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    names = [name for name in map(_name, people) if name]
    more = f" and {len(names) - _PEOPLE} more" if len(names) > _PEOPLE else ""
    return sys.intern(", ".join(names[:_PEOPLE]) + more)


def _name(provider: Mapping[str, object]) -> str:
    """Return the name of a user or a vendor; only type and ids are documented, so else ``user AbC``."""
    full = " ".join(filter(None, (_word(provider.get(name)) for name in ("firstName", "lastName"))))
    if name := full or _word(provider.get("name")) or _word(provider.get("userName")):
        return name
    kind, uid = _word(provider.get("type")).lower(), _word(provider.get("uid") or provider.get("id"))
    return f"{kind or 'provider'} {uid}" if uid else ""


def _word(value: object) -> str:
    # Interned, as the names and steps above: most parts of a project share them.
    return sys.intern(printable(value, _NAME)) if isinstance(value, str) else ""
