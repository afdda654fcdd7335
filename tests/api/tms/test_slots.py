from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from phrase_provider.exceptions import PhraseServerError

STATUS = "https://tms.test/web/api2/v1/async/status"


@pytest.fixture
def counts(requests_mock):
    """Lets Phrase tell its count, a new one for each look."""

    def tell(*told):
        requests_mock.get(STATUS, [{"json": {"concurrentRequests": each}} for each in told])
        return requests_mock

    return tell


@pytest.mark.parametrize(
    ("count", "limit", "room"),
    [(0, 200, 180), (179, 200, 1), (180, 200, 0), (200, 200, 0), (250, 200, 0), (0, 0, 0), (0, 1, 1)],
)
def test_room_is_what_the_count_leaves_of_most_of_the_limit(client, counts, count, limit, room):
    counts({"count": count, "limit": limit})
    assert client.slots.room() == room
    assert client.slots.is_full() is (room == 0)


def test_no_limit_is_room_for_all(client, counts):
    counts({"count": 100_000, "limit": None})
    assert client.slots.room() == math.inf


@pytest.mark.parametrize(
    "told", [{"count": None, "limit": 200}, {"limit": 200}, {"count": "x", "limit": 200}]
)
def test_count_that_is_not_told_is_no_refusal(client, counts, told):
    counts(told)
    assert client.slots.room() is None
    assert not client.slots.is_full()
    assert client.slots.take()


def test_malformed_count_is_named(client, counts):
    counts({"count": [1], "limit": 200})
    with pytest.raises(PhraseServerError, match=r"count of concurrentRequests is \[1\]"):
        client.async_requests.get_pending_count()


def test_one_look_serves_the_starts_of_the_next_seconds(client, counts, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.tms.slots.FRESH", 60)
    asked = counts({"count": 176, "limit": 200}, {"count": 180, "limit": 200})
    assert [client.slots.take() for _ in range(4)] == [True] * 4
    assert asked.call_count == 1
    assert not client.slots.take()
    assert asked.call_count == 2


def test_later_start_looks_again(client, counts, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.tms.slots.FRESH", -1)
    asked = counts({"count": 0, "limit": 200}, {"count": 180, "limit": 200}, {"count": 0, "limit": 200})
    assert [client.slots.take() for _ in range(3)] == [True, False, True]
    assert asked.call_count == 3


def test_start_that_is_being_sent_has_its_slot(client, counts):
    counts({"count": 178, "limit": 200})
    with client.slots.starting():
        assert client.slots.room() == 1
    assert client.slots.room() == 2


def test_threads_together_take_no_more_than_there_are(client, counts):
    counts({"count": 170, "limit": 200})
    with ThreadPoolExecutor(8) as pool, client.slots.starting():
        taken = list(pool.map(lambda _: client.slots.take(), range(9)))
    assert taken.count(True) == 9
