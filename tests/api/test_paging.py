from __future__ import annotations

from itertools import islice

import pytest

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.paging import iterate
from phrase_provider.exceptions import PhraseServerError

LIST = Endpoint("GET", "/things")


def reader(pages, asked):
    """Read from pages that count from 1, and of which each tells the next."""

    def read(number):
        asked.append(number)
        return pages[number - 1], number + 1 if number < len(pages) else None

    return read


def test_pages_may_count_from_one_and_are_asked_for_when_they_are_needed():
    asked = []
    items = iterate(LIST, reader([[{"id": "a"}, {"id": "b"}], [{"id": "c"}]], asked), first=1)
    assert asked == []
    assert list(islice(items, 2)) == [{"id": "a"}, {"id": "b"}]
    assert asked == [1]
    assert list(items) == [{"id": "c"}]
    assert asked == [1, 2]


def test_list_without_end_is_no_list():
    asked = []

    def read(number):
        asked.append(number)
        return [{"id": "a"}], number + 1

    with pytest.raises(PhraseServerError, match="GET /things gave the same page twice"):
        list(iterate(LIST, read, first=1))
    assert asked == [1, 2]
