"""Pagination of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

Item = TypeVar("Item")


class Pager(Generic[Item]):
    """
    The page of a list that the query parameter ``page`` asks for, or the nearest existing one.

    :param items: the whole list.
    :param size: items on a page.
    """

    def __init__(self, request: Request, items: Sequence[Item], size: int) -> None:
        self.total = len(items)
        self.last = max(-(-self.total // size), 1)
        self.number = min(max(_number(request), 1), self.last)
        self._begin = (self.number - 1) * size
        self.shown = items[self._begin : self._begin + size]

    @property
    def first_shown(self) -> int:
        """Position of the first item shown, counted from 1."""
        return self._begin + 1

    @property
    def last_shown(self) -> int:
        return self._begin + len(self.shown)


def _number(request: Request) -> int:
    asked = request.query_params.get("page", "")
    # No list has more pages, and Python refuses to parse very long numbers.
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 1
