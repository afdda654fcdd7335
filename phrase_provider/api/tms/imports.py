"""Imports as answers tell them: in the same form for the file of a job and for an analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from phrase_provider.api.fields import optional_record, optional_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class ImportFacts(TypedDict):
    """How an import stands: ``RUNNING``, ``OK`` or ``ERROR``; and why it failed, where Phrase tells."""

    import_state: str
    import_error: str | None


def import_facts(item: Mapping[str, object], owner: str) -> ImportFacts:
    """
    Return how the import of a job part, or of an analysis, stands.

    Source: ``importStatus``; where Phrase shows none, ``imported``.

    :param item: as any read of Phrase shows it.
    :param owner: what it is, for the message.
    :raises PhraseServerError: ``importStatus`` is there, and malformed.
    """
    status = optional_record(item, "importStatus", owner) or {}
    where = f"importStatus of {owner}"
    state = optional_text(status, "status", where)
    return {
        "import_state": state or ("OK" if item.get("imported") else "RUNNING"),
        "import_error": optional_text(status, "errorMessage", where),
    }
