from __future__ import annotations

import logging

import pytest

from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollResult, sentence
from phrase_provider.waiting.readers import OneByOne

log = logging.getLogger("task")


class Answer(Condition):
    """Met when its client says so."""

    poll_interval = MACHINE_WORK
    title = "an answer"

    def read(self, client):
        return client["answer"]

    def evaluate(self, found):
        return PollResult(found == "yes", f"the answer is {found}")


class OtherAnswer(Answer):
    pass


def test_check_evaluates_what_was_read():
    assert Answer().check({"answer": "no"}) == PollResult(False, "the answer is no")
    assert Answer().check({"answer": "yes"}).done


def test_conditions_are_read_one_by_one_unless_their_kind_says_otherwise():
    key = Answer().poll_key()
    assert isinstance(key.make_reader(), OneByOne)
    assert key.name == Answer().poll_key().name != OtherAnswer().poll_key().name


@pytest.mark.parametrize("attention", [False, True])
def test_progress_is_a_warning_where_a_person_should_see_it(attention, caplog):
    caplog.set_level("INFO")
    result = PollResult(False, "1 NEW", attention=attention, next_step="Ask Anna.")
    result.log(log, "Next poll within 5 min.")
    (record,) = caplog.records
    assert record.getMessage() == "1 NEW. Ask Anna. Next poll within 5 min."
    assert record.levelname == ("WARNING" if attention else "INFO")


@pytest.mark.parametrize(
    ("text", "expected"), [("1 NEW", "1 NEW."), ("Done.", "Done."), ("Done!", "Done!"), ("Why?", "Why?")]
)
def test_sentence_ends_once(text, expected):
    assert sentence(text) == expected
