from __future__ import annotations

import threading

import pytest

from phrase_provider.services.tms.parallel import batches, each_in_parallel


def test_batches_keep_the_order_and_the_rest():
    assert list(batches([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(batches([], 2)) == []


def test_calls_run_at_the_same_time_and_come_as_they_end():
    first_may_end = threading.Event()

    def call(item):
        if item == "first":
            assert first_may_end.wait(60)
        return item.upper()

    ended = []
    for item, result in each_in_parallel(call, ["first", "second"], max_parallel=2):
        ended.append((item, result))
        first_may_end.set()
    assert ended == [("second", "SECOND"), ("first", "FIRST")]


def test_no_more_calls_run_than_are_allowed():
    running, most, counting = set(), [], threading.Lock()

    def call(item):
        with counting:
            running.add(item)
            most.append(len(running))
        with counting:
            running.discard(item)

    assert len(list(each_in_parallel(call, range(200), max_parallel=3))) == 200
    assert max(most) <= 3


def test_error_starts_no_further_call():
    called = []

    def call(item):
        called.append(item)
        if item == 0:
            raise ValueError(item)
        # All of them would take a minute.
        threading.Event().wait(0.06)

    with pytest.raises(ValueError, match="0"):
        list(each_in_parallel(call, range(1000), max_parallel=1))
    assert len(called) < 1000
