"""Query strings and pages of lists."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.responses import JSONResponse

from phrase_provider.simulator.core.errors import validation_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from phrase_provider.simulator.tms.state import State

Item = TypeVar("Item")
Int64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A bound of such a field must follow it, ``Annotated[Int64, Field(ge=0)]``: the last bound counts."""
QueryModel = TypeVar("QueryModel", bound="Query")


class Query(BaseModel):
    """Query parameters of one operation; unknown ones are ignored, as Phrase does."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class PageQuery(Query):
    page_number: Annotated[Int64, Field(ge=0)] = 0
    page_size: int = Field(default=50, ge=1, le=50)


class PurgeQuery(Query):
    """Query of deletions; without ``purge``, entities stay in the recycle bin."""

    purge: bool = False


def read_query(request: Request, model: type[QueryModel]) -> QueryModel:
    """
    Return the query string; parameters of list type may be repeated, of others the last one counts.

    :raises ApiError: 400 when a value violates the specification.
    """
    sent = request.query_params
    values: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in sent:
            values[key] = sent.getlist(key) if get_origin(info.annotation) is list else sent[key]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise validation_error(error) from None


async def page(
    state: State,
    query: PageQuery,
    items: Sequence[Item],
    shape: Callable[[Item], Any],
    *,
    content: bool = True,
) -> JSONResponse:
    """
    Return one page of ``items``.

    :param shape: serializes one item; only those on the page are serialized.
    :param content: ``False`` leaves out ``content``, for callers who only count.
    """
    if state.settings.page_delay:
        await asyncio.sleep(state.settings.page_delay)
    begin = query.page_number * query.page_size
    shown = items[begin : begin + query.page_size]
    body: dict[str, Any] = {
        "pageNumber": query.page_number,
        "pageSize": query.page_size,
        "numberOfElements": len(shown),
        "totalElements": len(items),
        "totalPages": -(-len(items) // query.page_size),
    }
    if content:
        body["content"] = [shape(item) for item in shown]
    return JSONResponse(body)
