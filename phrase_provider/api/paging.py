"""Lists that come in pages, read as one lazy stream; how a page looks is a matter of each product."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import PhraseServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from phrase_provider.api.endpoint import Endpoint

T = TypeVar("T")


def iterate(
    endpoint: Endpoint, read: Callable[[int], tuple[Sequence[T], int | None]], *, first: int
) -> Iterator[T]:
    """
    Yield the items of a list; a page is asked for when its first item is.

    :param endpoint: a list operation, for messages.
    :param read: reads the page with a number; gives its items, and the number of the next page or None.
    :param first: number of the first page.
    :raises PhraseError: a page could not be had, or the list does not go on.
    """
    number: int | None = first
    progress = Progress(endpoint)
    while number is not None:
        items, number = read(number)
        progress.note(items)
        yield from items


class Progress:
    """
    Checks that the pages of a list go on.

    :param endpoint: a list operation.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._seen: set[int] = set()

    def note(self, items: Sequence[object]) -> None:
        """
        Note the next page.

        :param items: of the page.
        :raises PhraseServerError: an item is not a JSON object; or a page with the same items was there
            before, and the list may never end.
        """
        if not all(isinstance(item, dict) for item in items):
            raise page_error(self._endpoint, "has an item on a page that is not an object")
        page = hash(json.dumps(items, sort_keys=True))
        if page in self._seen:
            raise page_error(self._endpoint, "gave the same page twice")
        self._seen.add(page)


def page_error(endpoint: Endpoint, what: str) -> PhraseServerError:
    """
    Return the error for a page that is not the one that was asked for.

    :param endpoint: a list operation.
    :param what: is wrong with its answer.
    """
    return PhraseServerError(
        f"{endpoint} {what}",
        hint="A proxy may stand in between, or keep an old answer: try again.",
        endpoint=str(endpoint),
    )
