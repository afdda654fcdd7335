"""Translation memories: create, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import languages, serializers
from phrase_provider.simulator.tms.entities.trans_memories import TransMemory
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.http.filters import contains, shares
from phrase_provider.simulator.tms.http.paging import PageQuery, page, read_query
from phrase_provider.simulator.tms.routes.project_creation import reference_of
from phrase_provider.simulator.tms.schemas.base import DateTime, read_body
from phrase_provider.simulator.tms.schemas.trans_memories import CreateTransMemory

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.requests import Request

_KINDS = {"client": "client", "domain": "domain", "sub_domain": "subDomain", "business_unit": "businessUnit"}
_SORT_KEYS: dict[str, Callable[[TransMemory], Any]] = {
    "id": lambda memory: memory.number,
    "innerid": lambda memory: memory.number,
    "name": lambda memory: memory.name.casefold(),
    "sourcelang": lambda memory: memory.source_lang,
    "datecreated": lambda memory: memory.created,
}
"""By field names without underscores; the specification does not list them any more."""


class TransMemoryQuery(PageQuery):
    """Query of :func:`list_trans_memories`; none has related projects or collaborators."""

    page_size: int = Field(default=50, ge=1, le=100)
    name: str | None = None
    note: str | None = None
    text: str | None = None
    inner_id: int | None = None
    uids: list[str] = Field(default_factory=list)
    owner_uids: list[str] = Field(default_factory=list)
    created_by_uids: list[str] = Field(default_factory=list)
    collaborators_uids: list[str] = Field(default_factory=list)
    related_projects: str | None = None
    related_projects_uids: list[str] = Field(default_factory=list)
    created_from: DateTime | None = None
    created_to: DateTime | None = None
    source_langs: list[str] = Field(default_factory=list)
    target_langs: list[str] = Field(default_factory=list)
    strict_source_lang_matching: bool = True
    strict_target_lang_matching: bool = True
    client_id: str | None = None
    client_name: str | None = None
    domain_id: str | None = None
    domain_name: str | None = None
    sub_domain_id: str | None = None
    sub_domain_name: str | None = None
    business_unit_id: str | None = None
    business_unit_name: str | None = None
    sort_field: str = "id"
    sort_trend: Annotated[Literal["ASC", "DESC"], CaseInsensitive()] = "ASC"


async def create_trans_memory(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/transMemories``.

    Languages may be spelled ``it-IT``, as in the guide's example.
    """
    state, body = state_of(request), await read_body(request, CreateTransMemory)
    source, targets = _phrase_code(body.source_lang), [_phrase_code(code) for code in body.target_langs]
    languages.check([source], "sourceLang")
    languages.check(targets, "targetLangs")
    wanted = {kind: getattr(body, name) for name, kind in _KINDS.items()}
    memory = TransMemory(
        uid=state.ids.uid(),
        number=len(state.trans_memories) + 1,
        name=body.name,
        source_lang=source,
        target_langs=targets,
        note=body.note,
        references={kind: reference_of(kind, sent.id) for kind, sent in wanted.items() if sent},
        created=state.clock.now(),
        owner=state.user,
    )
    state.trans_memories[memory.uid] = memory
    return JSONResponse(serializers.trans_memory(memory), 201)


def _phrase_code(language: str) -> str:
    """Return a language as in the guide's answer: ``it`` for ``it-IT``, ``pt_br`` for ``pt-BR``."""
    code = language.lower().replace("-", "_")
    base, _, region = code.partition("_")
    return base if region == base else code


async def list_former_trans_memories(request: Request) -> JSONResponse:
    """
    Handle ``GET /api2/v1/transMemories``.

    Only the guide on the API's technology has it, without filters.
    """
    state = state_of(request)
    found = list(state.trans_memories.values())
    return await page(state, read_query(request, PageQuery), found, serializers.trans_memory)


async def list_trans_memories(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v2/transMemories``."""
    state, query = state_of(request), read_query(request, TransMemoryQuery)
    key = _SORT_KEYS.get(query.sort_field.replace("_", "").lower())
    if key is None:
        raise bad_request(f"sortField: unknown field {query.sort_field}")
    found = [memory for memory in state.trans_memories.values() if _matches(memory, query)]
    found.sort(key=key, reverse=query.sort_trend == "DESC")
    return await page(state, query, found, serializers.listed_trans_memory)


def _matches(memory: TransMemory, query: TransMemoryQuery) -> bool:
    return (
        contains(memory.name, query.name)
        and contains(memory.note or "", query.note)
        and (contains(memory.name, query.text) or query.text == str(memory.number))
        and query.inner_id in (None, memory.number)
        and shares(query.uids, [memory.uid])
        and shares([*query.owner_uids, *query.created_by_uids], [memory.owner.uid])
        and not (query.collaborators_uids or query.related_projects or query.related_projects_uids)
        and _created_within(memory, query)
        and _has_languages(memory, query)
        and _refers(memory, query)
    )


def _created_within(memory: TransMemory, query: TransMemoryQuery) -> bool:
    begin, end = epoch(query.created_from), epoch(query.created_to)
    return (begin is None or memory.created >= begin) and (end is None or memory.created <= end)


def _has_languages(memory: TransMemory, query: TransMemoryQuery) -> bool:
    return _spoken(query.source_langs, [memory.source_lang], strict=query.strict_source_lang_matching) and (
        _spoken(query.target_langs, memory.target_langs, strict=query.strict_target_lang_matching)
    )


def _spoken(wanted: list[str], there: list[str], *, strict: bool) -> bool:
    """Return whether a language matches; without ``strict``, ``pt`` also matches ``pt_br``."""
    if strict:
        return shares(wanted, there)
    return shares([code.partition("_")[0] for code in wanted], [code.partition("_")[0] for code in there])


def _refers(memory: TransMemory, query: TransMemoryQuery) -> bool:
    for name, kind in _KINDS.items():
        found = memory.references.get(kind, {"id": "", "name": ""})
        id_, part = getattr(query, f"{name}_id"), getattr(query, f"{name}_name")
        if id_ not in (None, found["id"]) or not contains(found["name"], part):
            return False
    return True


routes = [
    Route("/api2/v1/transMemories", create_trans_memory, methods=["POST"]),
    Route("/api2/v1/transMemories", list_former_trans_memories, methods=["GET"]),
    Route("/api2/v2/transMemories", list_trans_memories, methods=["GET"]),
]
