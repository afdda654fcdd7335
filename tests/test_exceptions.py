from __future__ import annotations

import copy
import pickle

import pytest

from phrase_provider import exceptions
from phrase_provider.exceptions import (
    PhraseError,
    PhraseInputError,
    PhraseTimeoutError,
    PhraseTransportError,
)

ALL = [kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, PhraseError)]
FIELDS = {
    "hint": "Do this.",
    "status": 503,
    "error_code": "Code",
    "description": "why",
    "action_id": "a1",
    "endpoint": "GET /things",
    "retry_after": 1.5,
}
REPORT = {"request": "GET tms.test/things", "at": "2026-11-28T00:00:00+00:00"}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("report", [{}, REPORT], ids=["plain", "with a report"])
def test_error_keeps_all_on_its_way_between_processes(kind, report):
    error = kind("What happened", **FIELDS, **report)
    for arrived in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(arrived) is kind
        assert {name: getattr(arrived, name) for name in FIELDS | report} == FIELDS | report
        assert str(arrived) == str(error)
        assert arrived.args == error.args


def test_note_of_what_was_sent_travels_too():
    error = PhraseTransportError("Refused").mark_sent(False)
    assert pickle.loads(pickle.dumps(error)).sent is False


def test_text_tells_what_happened_the_facts_and_what_to_do():
    assert str(PhraseError("What happened", **FIELDS)) == (
        "What happened. [status: 503, errorCode: Code, description: why, endpoint: GET /things, "
        "action id: a1, retry after: 2 s] Do this."
    )


def test_text_ends_with_what_a_report_to_phrase_names():
    assert str(PhraseError("What happened", **FIELDS, **REPORT)) == (
        "What happened. [status: 503, errorCode: Code, description: why, retry after: 2 s] Do this. "
        "For a report to Phrase: endpoint: GET /things, request: GET tms.test/things, "
        "time: 2026-11-28T00:00:00+00:00, answer: 503 Code why, Phrase-Action-ID: a1."
    )


def test_error_that_an_older_version_pickled_is_told():
    older = PhraseError("What happened", **FIELDS)
    del older.request, older.at
    assert str(pickle.loads(pickle.dumps(older))) == str(PhraseError("What happened", **FIELDS))


@pytest.mark.parametrize("message", ["What happened", "What happened.", "What happened!"])
def test_text_without_facts_is_a_sentence(message):
    assert str(PhraseError(message)) in ("What happened.", "What happened!")


def test_zero_is_a_fact():
    assert "retry after: 0 s" in str(PhraseError("Now", retry_after=0.0))


def test_errors_are_caught_as_what_python_calls_them():
    with pytest.raises(ValueError, match="bad"):
        raise PhraseInputError("bad")
    with pytest.raises(TimeoutError, match="late"):
        raise PhraseTimeoutError("late")


@pytest.mark.parametrize("kind", ALL)
def test_fault_can_pass_unless_people_must_act(kind):
    assert kind.__doc__
    if kind.is_fault and not kind.can_pass:
        assert kind is exceptions.PhraseTlsError
