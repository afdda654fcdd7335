from __future__ import annotations

import pytest

from phrase_provider.api.fields import (
    MOST_DIGITS,
    optional_record,
    optional_text,
    record,
    text,
    whole_number,
)
from phrase_provider.exceptions import PhraseServerError


@pytest.mark.parametrize(("value", "number"), [(0, 0), (7, 7), ("7", 7), ("007", 7)])
def test_whole_number_may_be_written_as_text(value, number):
    assert whole_number(value, "level") == number


@pytest.mark.parametrize(
    "value", [None, True, -1, 1.0, "", "-1", "1.0", "x", "9" * (MOST_DIGITS + 1), 10**18]
)
def test_what_is_not_a_whole_number_is_named(value):
    with pytest.raises(PhraseServerError, match=r"level is (missing|.* instead of a whole number)"):
        whole_number(value, "level")


@pytest.mark.parametrize("value", [None, "", 7, ["a"]])
def test_text_that_must_be_there_is_named(value):
    with pytest.raises(PhraseServerError, match=r"name of it is (missing|.* instead of a text)"):
        text({"name": value}, "name", "it")


def test_text_and_object_may_be_missing_where_they_are_optional():
    assert optional_text({"name": None}, "name", "it") is None
    assert optional_text({"name": ""}, "name", "it") is None
    assert optional_text({"name": "a"}, "name", "it") == "a"
    assert optional_record({}, "step", "it") is None
    assert optional_record({"step": {"id": 1}}, "step", "it") == {"id": 1}


@pytest.mark.parametrize("value", [None, [], "a", 7])
def test_what_is_not_an_object_is_named(value):
    with pytest.raises(PhraseServerError, match=r"step of it is (missing|.* instead of an object)"):
        record(value, "step of it")
