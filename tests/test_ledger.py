from __future__ import annotations

import time

import pytest

from phrase_provider.exceptions import (
    PhraseOutcomeUnknownError,
    PhrasePermissionError,
    PhraseServerError,
)
from phrase_provider.ledger import do_and_settle, do_once


class Remote:
    """A thing elsewhere, which appears when it is made, or some looks later, or never."""

    def __init__(self, *, there: bool = False, lost: bool = False, appears_at_look: int = 1) -> None:
        self.there = there
        self.lost = lost
        self.appears_at_look = appears_at_look
        self.made = self.looks = 0

    def look_up(self) -> str | None:
        self.looks += 1
        return "thing" if self.there or (self.made and self.looks >= self.appears_at_look) else None

    def make(self) -> str:
        self.made += 1
        if self.lost:
            raise PhraseOutcomeUnknownError("The answer got lost")
        return "thing"


@pytest.fixture(autouse=True)
def settling(monkeypatch):
    """Lets a test say how long to look, in seconds."""

    def last(seconds: float) -> None:
        monkeypatch.setenv("AIRFLOW__PHRASE__SETTLING_TIME", str(seconds))

    last(0)
    return last


def test_what_is_there_is_not_made():
    remote = Remote(there=True)
    assert do_once("making a thing", remote.look_up, remote.make) == "thing"
    assert remote.made == 0


def test_what_is_not_there_is_made_once():
    remote = Remote()
    assert do_once("making a thing", remote.look_up, remote.make) == "thing"
    assert (remote.made, remote.looks) == (1, 1)


def test_lost_answer_is_looked_up():
    remote = Remote(lost=True)
    assert do_and_settle("making a thing", remote.look_up, remote.make) == "thing"
    assert (remote.made, remote.looks) == (1, 1)


def test_effect_may_come_late(settling):
    settling(1.5)
    remote = Remote(lost=True, appears_at_look=2)
    assert do_and_settle("making a thing", remote.look_up, remote.make) == "thing"
    assert (remote.made, remote.looks) == (1, 2)


def test_looking_ends_and_nothing_is_made_again(settling):
    settling(0.2)
    remote = Remote(lost=True, appears_at_look=9)
    began = time.monotonic()
    with pytest.raises(PhraseOutcomeUnknownError, match="The answer got lost"):
        do_once("making a thing", remote.look_up, remote.make)
    assert 0.2 <= time.monotonic() - began < 0.8
    assert (remote.made, remote.looks) == (1, 2)


def test_clear_failure_is_not_looked_up():
    remote = Remote()

    def refuse():
        raise PhraseServerError("No")

    with pytest.raises(PhraseServerError, match="No"):
        do_and_settle("making a thing", remote.look_up, refuse)
    assert remote.looks == 0


def test_failing_look_does_not_hide_that_the_outcome_is_unknown():
    def look_up():
        raise PhraseServerError("Down")

    with pytest.raises(PhraseOutcomeUnknownError):
        do_and_settle("making a thing", look_up, Remote(lost=True).make)


def test_look_that_fails_for_good_is_told():
    def look_up():
        raise PhrasePermissionError("No right")

    with pytest.raises(PhrasePermissionError):
        do_and_settle("making a thing", look_up, Remote(lost=True).make)
