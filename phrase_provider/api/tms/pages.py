"""Pages of the TMS API: an object around at most 50 items, which tells how many pages there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from phrase_provider.api import paging
from phrase_provider.api.paging import page_error
from phrase_provider.api.session import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phrase_provider.api.endpoint import Endpoint, Query
    from phrase_provider.api.session import PhraseSession

T = TypeVar("T")

#: The largest page that Phrase gives; a larger request is refused.
PAGE_SIZE = 50
#: The longest list that is believed, in pages: a million items.
MOST_PAGES = 20_000


class Page(NamedTuple, Generic[T]):
    """
    One page of a list.

    :param items: JSON objects, unless Phrase is at fault.
    :param total: number of pages that the list has; at most :data:`MOST_PAGES`.
    """

    items: list[T]
    total: int


def read_page(
    session: PhraseSession,
    endpoint: Endpoint,
    number: int,
    ids: Mapping[str, str] | None = None,
    query: Query | None = None,
) -> Page[Any]:
    """
    Read one page of a list.

    Source: page object ``{content, pageNumber, totalPages, …}`` of the TMS API.

    :param session: for the TMS base URL.
    :param endpoint: a list operation.
    :param number: from 0; a page after the last is empty.
    :param ids: values for the names in its path.
    :param query: filters.
    :return: items as they came: the caller says which type of the specification they have.
    :raises PhraseError: the page could not be had.
    """
    paged: Query = {**(query or {}), "pageNumber": number, "pageSize": PAGE_SIZE}
    page = session.json(Call(endpoint, ids or {}, paged))
    if not _is_page(page):
        raise page_error(endpoint, "answered without a page")
    if page.get("pageNumber", number) != number:
        raise page_error(endpoint, f"answered with another page than number {number}")
    return Page(page["content"], page["totalPages"])


def iterate(
    session: PhraseSession,
    endpoint: Endpoint,
    ids: Mapping[str, str] | None = None,
    query: Query | None = None,
) -> Iterator[Any]:
    """
    Yield the items of a list; a page is asked for when its first item is.

    :param session: for the TMS base URL.
    :param endpoint: a list operation.
    :param ids: values for the names in its path.
    :param query: filters.
    :raises PhraseError: a page could not be had, or the list does not go on.
    """

    def read(number: int) -> tuple[list[dict[str, object]], int | None]:
        items, total = read_page(session, endpoint, number, ids, query)
        return items, number + 1 if number + 1 < total else None

    return paging.iterate(endpoint, read, first=0)


def _is_page(answer: object) -> bool:
    # A list without its length would end early, and nobody would notice.
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("content"), list)
        and _is_count(answer.get("totalPages"))
    )


def _is_count(total: object) -> bool:
    return type(total) is int and 0 <= total <= MOST_PAGES
