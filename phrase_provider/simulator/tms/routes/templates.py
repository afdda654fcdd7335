"""Project templates: list, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.http.filters import ReferenceFilters, contains, references_match, shares
from phrase_provider.simulator.tms.http.paging import Int64, PageQuery, page, read_query

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import Template


class TemplateQuery(ReferenceFilters, PageQuery):
    """Query of :func:`list_templates`."""

    name: str | None = None
    owner_uid: str | None = None
    created_by_uid: str | None = None
    created_in_last_hours: Int64 | None = None
    source_langs: list[str] = Field(default_factory=list)
    target_langs: list[str] = Field(default_factory=list)
    sort: Annotated[Literal["dateCreated", "templateName"], CaseInsensitive()] = "dateCreated"
    direction: Annotated[Literal["asc", "desc"], CaseInsensitive()] = "desc"


def _matches(template: Template, query: TemplateQuery, now: float) -> bool:
    hours = query.created_in_last_hours
    return (
        contains(template.name, query.name)
        and query.owner_uid in (None, template.owner.uid)
        and query.created_by_uid in (None, template.owner.uid)
        and (hours is None or template.created >= now - hours * 3600)
        and shares(query.source_langs, [template.source_lang])
        and shares(query.target_langs, template.target_langs)
        and references_match(template.references, query)
    )


async def list_templates(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/projectTemplates``; ``name`` finds parts of names."""
    state, query = state_of(request), read_query(request, TemplateQuery)
    found = [t for t in state.templates.values() if _matches(t, query, state.clock.now())]
    by_name = query.sort == "templateName"
    found.sort(key=lambda t: (t.name if by_name else "", t.created), reverse=query.direction == "desc")
    return await page(state, query, found, serializers.template_item)


async def get_template(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/projectTemplates/{projectTemplateUid}``."""
    return JSONResponse(
        serializers.template(state_of(request).template(request.path_params["projectTemplateUid"]))
    )


routes = [
    Route("/api2/v1/projectTemplates", list_templates, methods=["GET"]),
    Route("/api2/v1/projectTemplates/{projectTemplateUid}", get_template, methods=["GET"]),
]
