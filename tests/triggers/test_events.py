from __future__ import annotations

import inspect
import json

import pytest

from phrase_provider import exceptions
from phrase_provider.exceptions import PhraseError, PhraseTransportError
from phrase_provider.triggers.events import deadline_of, done, failed, noted_number, result_of

ERRORS = [
    kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, PhraseError)
]


def arrived(event):
    return json.loads(json.dumps(event))


def test_result_arrives():
    assert result_of(arrived(done({"status": "COMPLETED"}))) == {"status": "COMPLETED"}


@pytest.mark.parametrize("kind", ERRORS)
def test_error_arrives_as_it_was(kind):
    error = kind(
        "It broke",
        hint="Mend it.",
        status=400,
        error_code="CODE",
        description="told",
        action_id="a1",
        endpoint="GET /x",
        retry_after=3.0,
    )
    with pytest.raises(kind) as caught:
        result_of(arrived(failed(error)))
    assert type(caught.value) is kind
    assert str(caught.value) == str(error)
    assert vars(caught.value) == vars(error)


def test_error_that_was_never_sent_stays_so():
    with pytest.raises(PhraseTransportError) as caught:
        result_of(arrived(failed(PhraseTransportError("Refused").mark_sent(False))))
    assert not caught.value.sent


@pytest.mark.parametrize("kind", ["", "KeyError", "annotations", "TYPE_CHECKING", None, 7])
def test_error_of_an_unknown_kind_is_still_a_phrase_error(kind):
    with pytest.raises(PhraseError, match="It broke") as caught:
        result_of({"status": "failed", "error": {"type": kind, "message": "It broke"}})
    assert type(caught.value) is PhraseError


@pytest.mark.parametrize(
    "event",
    [
        None,
        "met",
        [],
        {},
        {"status": "met"},
        {"status": "met", "result": "x"},
        {"status": "failed"},
        {"status": "failed", "error": "x"},
        {"status": "done", "result": {}},
    ],
)
def test_garbage_is_refused(event):
    with pytest.raises(PhraseError, match="no Phrase trigger sends"):
        result_of(event)


@pytest.mark.parametrize("result", [{}, {"async_request_id": None}, {"async_request_id": 7}])
def test_result_that_lacks_what_the_task_needs_is_refused(result):
    with pytest.raises(PhraseError, match="no Phrase trigger sends"):
        result_of(done(result), "async_request_id")


@pytest.mark.parametrize(
    ("event", "attempt", "deadline"),
    [
        ({"note": {"attempt": 2}, "deadline": 5.5}, 2, 5.5),
        ({"note": {"attempt": "2"}, "deadline": "soon"}, None, None),
        ({"note": None}, None, None),
        ("resumed by hand", None, None),
        (None, None, None),
    ],
)
def test_numbers_come_back_and_nothing_else_is_taken_for_one(event, attempt, deadline):
    assert (noted_number(event, "attempt"), deadline_of(event)) == (attempt, deadline)
