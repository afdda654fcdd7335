"""Phrase's word on an import: the same for the file of a job and for an analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from phrase_provider.api.fields import optional_record, optional_text
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping


class ImportStatus(TypedDict):
    """``importStatus``, as far as a wait judges it."""

    status: str | None
    errorMessage: str | None


def import_status(item: Mapping[str, object], owner: str) -> ImportStatus | None:
    """
    Return the import of a job part, or of an analysis; None: Phrase shows none.

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


def import_state(item: Mapping[str, Any]) -> str:
    """
    Return how an import stands: ``RUNNING``, ``OK`` or ``ERROR``.

    :param item: job part or analysis, as any read of Phrase shows it.
    """
    told = (item.get("importStatus") or {}).get("status")
    return str(told or ("OK" if item.get("imported") else "RUNNING"))


def failure_reason(item: Mapping[str, Any]) -> str:
    """
    Return why an import failed, fit to be printed.

    :param item: job part or analysis whose import failed.
    """
    reason = (item.get("importStatus") or {}).get("errorMessage")
    return printable(str(reason)) if reason else "no reason given"
