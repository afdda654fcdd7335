from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from phrase_provider.api.dates import for_people, from_phrase_time, to_phrase_time
from phrase_provider.exceptions import PhraseInputError

CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2026-01-31", "2026-01-31T23:59:59Z"),
        (date(2026, 1, 31), "2026-01-31T23:59:59Z"),
        ("2026-01-31T18:00:00", "2026-01-31T18:00:00Z"),
        ("2026-01-31T18:00:00+01:00", "2026-01-31T17:00:00Z"),
        (datetime(2026, 1, 31, 18, 0, 0, 999_999, CET), "2026-01-31T17:00:00Z"),
    ],
)
def test_time_is_sent_in_utc_and_whole_seconds(value, written):
    assert to_phrase_time(value) == written


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "31.1.2026"])
def test_text_that_is_not_a_date_is_refused(text):
    with pytest.raises(PhraseInputError, match=r"is not a date\. Write it as 2026-01-31"):
        to_phrase_time(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-10T18:13:51+0000", datetime(2026, 1, 10, 18, 13, 51, tzinfo=UTC)),
        ("2026-01-10T18:13:51", datetime(2026, 1, 10, 18, 13, 51, tzinfo=UTC)),
        ("2026-01-10T18:13:51+01:00", datetime(2026, 1, 10, 17, 13, 51, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("some day", None),
    ],
)
def test_time_of_phrase_is_read_and_what_is_none_is_none(text, moment):
    assert from_phrase_time(text) == moment


def test_people_read_the_time_in_utc():
    assert for_people(datetime(2026, 12, 4, 18, tzinfo=CET)) == "Fri 2026-12-04 17:00 UTC"
