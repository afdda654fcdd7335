from __future__ import annotations

import pytest

from phrase_provider.services.tms.updates.added_words import added_since


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        # Counted from the words of the file, as the specification says.
        (100, 130, 30),
        (130, 130, 0),
        # Should Phrase count the added words alone, the first count after an update is smaller.
        (100, 30, 30),
    ],
)
def test_difference_is_what_an_update_added(before, after, added):
    assert added_since({"a": before}, {"a": after}) == {"a": added}


def test_job_that_was_not_counted_before_has_none():
    assert added_since({}, {"a": 10}) == {}
