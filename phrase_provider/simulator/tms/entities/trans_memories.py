"""Translation memories: names and languages, without content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.organization import Reference, User


@dataclass(eq=False)
class TransMemory:
    """A translation memory; ``created`` in epoch seconds, ``references`` by kind (client, domain, ...)."""

    uid: str
    number: int
    name: str
    source_lang: str
    target_langs: list[str]
    note: str | None
    references: dict[str, Reference]
    created: float
    owner: User
