from __future__ import annotations

import pytest

from phrase_provider.waiting.conditions import PollInterval
from phrase_provider.waiting.intervals import GROWTH, AdaptiveInterval


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch):
    """Leaves the intervals as long as they may be at most."""
    monkeypatch.setattr("phrase_provider.waiting.intervals.random.uniform", lambda _, most: most)


def test_interval_grows_up_to_the_maximum():
    interval = AdaptiveInterval(PollInterval(2, 4))
    assert [interval.next() for _ in range(5)] == pytest.approx([2, 2 * GROWTH, 2 * GROWTH**2, 4, 4])


def test_change_brings_back_the_initial_interval():
    interval = AdaptiveInterval(PollInterval(2, 30))
    grown = [interval.next() for _ in range(5)][-1]
    interval.restart()
    assert interval.next() == 2 < grown


def test_interval_of_the_user_is_the_longest():
    interval = AdaptiveInterval(PollInterval(60, 900), 5)
    assert [interval.next(), interval.next()] == [5, 5]
    interval.limit(None)
    assert interval.next() > 60


def test_part_of_the_interval_is_random(monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.intervals.random.uniform", lambda least, _: least)
    assert AdaptiveInterval(PollInterval(2, 30)).next() == pytest.approx(1.6)


def test_interval_of_the_user_does_not_let_it_grow_beyond_the_maximum():
    interval = AdaptiveInterval(PollInterval(2, 4), 60)
    assert [interval.next() for _ in range(9)][-1] == 4
