"""The lock of a compaction: one at a time, over by itself, and only where a store can create exclusively."""

from __future__ import annotations

import time

import pytest

from phrase_provider.exceptions import PhraseInputError, PhraseManifestLockedError
from phrase_provider.files.storage import filesystem
from phrase_provider.manifest import lock
from phrase_provider.manifest.files import files_in
from phrase_provider.manifest.lock import held


@pytest.fixture
def folder(place):
    return f"{place}/m.d"


@pytest.fixture
def clock(monkeypatch):
    """Goes only when it is told to; it starts at the beginning of a period."""
    now = [lock.PERIOD * 3_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def go(seconds):
        now[0] += seconds

    return go


def test_second_one_is_refused_until_the_first_lets_go(folder):
    with held(folder):
        refused = pytest.raises(PhraseManifestLockedError, match=r"compaction-\d+T\d+\.lock.*20 minutes")
        with refused, held(folder):
            pytest.fail("held twice")
        assert len(files_in(folder, ".lock")) == 2
    with held(folder):
        pass
    assert files_in(folder, ".lock") == []


def test_failure_of_the_holder_lets_go(folder):
    with pytest.raises(OSError, match="broken"), held(folder):
        raise OSError("broken")
    assert files_in(folder, ".lock") == []


def test_lock_of_a_killed_holder_ends_by_itself(folder, clock):
    killed = held(folder)
    killed.__enter__()
    clock(lock.PERIOD - 1)
    with pytest.raises(PhraseManifestLockedError), held(folder):
        pytest.fail("held twice")
    clock(2)
    with pytest.raises(PhraseManifestLockedError), held(folder):
        pytest.fail("held twice")
    clock(lock.PERIOD)
    with held(folder):
        assert len(files_in(folder, ".lock")) == 2
    assert files_in(folder, ".lock") == []


@pytest.mark.parametrize("start", [0, lock.PERIOD - 1])
def test_holder_may_write_for_a_while_but_not_to_the_end(folder, clock, start):
    clock(start)
    with held(folder) as lease:
        clock(lock.PERIOD - lock.MARGIN)
        lease.require()
        clock(lock.PERIOD + 1)
        with pytest.raises(PhraseManifestLockedError, match="before it was done"):
            lease.require()


def test_nobody_gets_it_while_a_holder_may_still_write(folder, clock):
    """Whatever moment within its lease the first begins to write, no second one holds the lock."""
    clock(123)
    with held(folder) as lease:
        for _ in range(40):
            clock(30)
            try:
                lease.require()
            except PhraseManifestLockedError:
                break
            with pytest.raises(PhraseManifestLockedError, match="Another"), held(folder):
                pytest.fail("held twice")
        else:
            pytest.fail("the lease never ends")


@pytest.mark.parametrize("answer", [ValueError("mode xb"), NotImplementedError(), None])
def test_store_that_cannot_create_exclusively_is_refused(folder, monkeypatch, answer):
    fs, _ = filesystem(folder)
    opened = type(fs).open

    def without_exclusive(self, path, mode="rb", **kwargs):
        if mode == "xb" and answer is not None:
            raise answer
        return opened(self, path, mode.replace("x", "w"), **kwargs)

    monkeypatch.setattr(type(fs), "open", without_exclusive)
    with pytest.raises(PhraseInputError, match="cannot be created exclusively"), held(folder):
        pytest.fail("held")
    assert files_in(folder, ".lock") == []
