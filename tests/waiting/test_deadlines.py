from __future__ import annotations

import pytest

from phrase_provider.waiting.deadlines import deadline_of

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("due_dates", "days"),
    [
        ([], 60),
        ([None], 60),
        (["soon"], 60),
        (["1970-01-11T00:00:00+0000"], 24),
        (["1970-01-11T00:00:00Z"], 24),
        (["1970-01-11T00:00:00+0000", "1970-01-21T00:00:00+0000"], 34),
        (["1970-01-11T00:00:00+0000", None], 60),
        (["1970-03-22T00:00:00+0000", None], 94),
        (["1969-12-01T00:00:00+0000"], 14),
    ],
)
def test_deadline_follows_the_due_dates(due_dates, days):
    assert deadline_of(due_dates, 0.0) == days * DAY
