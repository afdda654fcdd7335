"""Lists of the TMS API: pages of at most 50, read as one lazy stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from phrase_provider.api.session import Call
from phrase_provider.exceptions import PhraseServerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phrase_provider.api.endpoint import Endpoint
    from phrase_provider.api.session import PhraseSession

#: The largest page that Phrase gives; a larger request is refused.
PAGE_SIZE = 50


class Page(NamedTuple):
    """
    One page of a list.

    :param items: at most 50.
    :param total: number of pages that the list has.
    """

    items: list[dict[str, Any]]
    total: int


def read_page(
    session: PhraseSession,
    endpoint: Endpoint,
    number: int,
    ids: Mapping[str, str] | None = None,
    query: Mapping[str, Any] | None = None,
) -> Page:
    """
    Read one page of a list.

    Source: page object ``{content, pageNumber, totalPages, …}`` of the TMS API.

    :param session: for the TMS base URL.
    :param endpoint: a list operation.
    :param number: from 0; a page after the last is empty.
    :param ids: values for the names in its path.
    :param query: filters.
    :raises PhraseError: the page could not be had.
    """
    paging = {"pageNumber": number, "pageSize": PAGE_SIZE}
    page = session.json(Call(endpoint, ids or {}, {**(query or {}), **paging}))
    if not _is_page(page):
        raise PhraseServerError(f"{endpoint} answered without a page", endpoint=str(endpoint))
    return Page(page["content"], page["totalPages"])


def iterate(
    session: PhraseSession,
    endpoint: Endpoint,
    ids: Mapping[str, str] | None = None,
    query: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """
    Yield the items of a list; a page is asked for when its first item is.

    :param session: for the TMS base URL.
    :param endpoint: a list operation.
    :param ids: values for the names in its path.
    :param query: filters.
    :raises PhraseError: a page could not be had.
    """
    number, total = 0, 1
    while number < total:
        items, total = read_page(session, endpoint, number, ids, query)
        yield from items
        number += 1


def _is_page(answer: Any) -> bool:
    # A list without its length would end early, and nobody would notice.
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("content"), list)
        and isinstance(answer.get("totalPages"), int)
    )
