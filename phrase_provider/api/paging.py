"""Lists of the TMS API: pages of at most 50, read as one lazy stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from phrase_provider.api.session import Call
from phrase_provider.exceptions import PhraseServerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from phrase_provider.api.endpoint import Endpoint
    from phrase_provider.api.session import PhraseSession

#: The largest page that Phrase gives; a larger request is refused.
PAGE_SIZE = 50
#: The longest list that is believed, in pages: a million items.
MOST_PAGES = 20_000


class Page(NamedTuple):
    """
    One page of a list.

    :param items: JSON objects, unless Phrase is at fault.
    :param total: number of pages that the list has; at most :data:`MOST_PAGES`.
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
        raise _fault(endpoint, "answered without a page")
    if page.get("pageNumber", number) != number:
        raise _fault(endpoint, f"answered with another page than number {number}")
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
    :raises PhraseError: a page could not be had, or the list does not go on.
    """
    number, total, progress = 0, 1, Progress(endpoint)
    while number < total:
        items, total = read_page(session, endpoint, number, ids, query)
        progress.note(items)
        yield from items
        number += 1


class Progress:
    """
    Sees that the pages of a list go on.

    :param endpoint: a list operation.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._seen: set[int] = set()

    def note(self, items: Sequence[dict[str, Any]]) -> None:
        """
        Note the next page.

        :param items: of the page.
        :raises PhraseServerError: an item is no JSON object; or a page with the same items was there before,
            and the list may never end.
        """
        if not all(isinstance(item, dict) for item in items):
            raise _fault(self._endpoint, "has an item on a page that is no object")
        page = hash(json.dumps(items, sort_keys=True))
        if page in self._seen:
            raise _fault(self._endpoint, "gave the same page twice")
        self._seen.add(page)


def _fault(endpoint: Endpoint, what: str) -> PhraseServerError:
    return PhraseServerError(
        f"{endpoint} {what}",
        hint="A proxy may stand in between, or keep an old answer: try again.",
        endpoint=str(endpoint),
    )


def _is_page(answer: Any) -> bool:
    # A list without its length would end early, and nobody would notice.
    return (
        isinstance(answer, dict)
        and isinstance(answer.get("content"), list)
        and _is_count(answer.get("totalPages"))
    )


def _is_count(total: Any) -> bool:
    return type(total) is int and 0 <= total <= MOST_PAGES
