"""Translation memories: create, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.serializers.common import user

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.trans_memories import TransMemory
    from phrase_provider.simulator.tms.serializers.common import Json

_KINDS = ("client", "domain", "subDomain", "businessUnit")


def trans_memory(memory: TransMemory) -> Json:
    """Return ``TransMemoryDtoV1``; the guide's older example lacks ``uid`` and ``owner``."""
    return {
        "id": str(memory.number),
        "uid": memory.uid,
        "internalId": memory.number,
        "name": memory.name,
        "sourceLang": memory.source_lang,
        "targetLangs": memory.target_langs,
        "note": memory.note,
        "dateCreated": rest_date(memory.created),
        "createdBy": user(memory.owner),
        "owner": user(memory.owner),
        **{kind: memory.references.get(kind) for kind in _KINDS},
    }


def listed_trans_memory(memory: TransMemory) -> Json:
    """Return ``TransMemoryDtoV2``."""
    return {**trans_memory(memory), "canEdit": True, "collaboratorsCount": 0, "relatedProjectsCount": 0}
