from __future__ import annotations

import json
import math
import stat
import tempfile
from pathlib import Path

import pytest

from phrase_provider.api.tms.slot_count import FEW, SharedCount, SlotCount

NOW = 1_000_000.0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def counted(count, limit, *starts):
    return SlotCount(list(starts), counted_at=NOW, count=count, limit=limit)


def test_few_starts_ask_nothing_and_many_do():
    count = SlotCount()
    for second in range(FEW):
        assert count.quiet_room(NOW + second) == FEW - second
        count.take(1, NOW + second)
    assert count.quiet_room(NOW + FEW) == 0
    assert count.quiet_room(NOW + 61.5) == 2


@pytest.mark.parametrize(
    ("count", "room"),
    [
        (counted(0, 200), 180),
        (counted(179, 200), 1),
        (counted(200, 200), 0),
        (counted(170, 200, *[NOW + 1] * 9), 1),
        (counted(170, 200, *[NOW - 0.5] * 10), 0),
        (counted(170, 200, *[NOW - 5] * 10), 10),
        (counted(100_000, None), math.inf),
        (counted(None, None), math.inf),
        (counted(0, 0), 0),
        (counted(0, 1), 1),
    ],
)
def test_room_is_what_the_count_and_the_starts_since_leave(count, room):
    assert count.room() == room


def test_slot_of_a_task_that_is_being_woken_outlives_the_next_count():
    count = counted(179, 200)
    count.take(1, NOW + 10)
    count.recount(NOW + 5, 179, 200)
    assert count.room() == 0
    count.begin(NOW + 6)
    count.recount(NOW + 8, 179, 200)
    assert count.room() == 1


def test_start_without_a_slot_in_advance_is_counted_once():
    count = counted(0, 200, NOW)
    count.begin(NOW + 1)
    assert count.starts == [NOW]


def test_one_asks_for_the_others():
    count = SlotCount()
    assert count.claim_recount(NOW)
    count.recount(NOW, 10, 200)
    assert [count.claim_recount(NOW + seconds) for seconds in (1, 3, 3.1, 12, 14)] == [
        False,
        True,
        False,
        False,
        True,
    ]


def test_refusal_holds_everybody_off_and_has_them_ask():
    count = counted(10, 200)
    count.close(NOW, 3)
    assert count.is_closed(NOW + 2.9)
    assert not count.is_closed(NOW + 3)
    assert count.quiet_room(NOW + 3) == 0
    assert count.claim_recount(NOW + 3)


def test_processes_share_one_file(folder):
    with SharedCount("https://phrase.test\nsecret").count() as count:
        count.take(1, NOW)
    with SharedCount("https://phrase.test\nsecret").count() as count:
        assert count.starts == [NOW]
    with SharedCount("https://other.test\nsecret").count() as count:
        assert count.starts == []
    one, _ = folder.rglob("*.slots")
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert "secret" not in one.name + one.read_text()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"later": 1}'])
def test_garbage_is_forgotten(folder, content):
    with SharedCount("a").count():
        pass
    (file,) = folder.rglob("*.slots")
    file.write_text(content)
    with SharedCount("a").count() as count:
        assert count == SlotCount()
        count.take(1, NOW)
    assert json.loads(file.read_text())["starts"] == [NOW]


def test_folder_that_others_can_write_is_not_used(folder):
    name = next(iter(_made(folder)))
    (folder / name).chmod(0o777)
    with SharedCount("own").count() as count:
        count.take(1, NOW)
    with SharedCount("own").count() as count:
        assert count.starts == [NOW]
    assert list(Path(folder, name).iterdir()) == []


def test_process_that_is_frozen_holds_up_nobody(folder, monkeypatch):
    monkeypatch.setattr("phrase_provider.api.tms.slot_count.PATIENCE", 0.1)
    with SharedCount("a").count(), SharedCount("a").count() as count:
        count.take(1, NOW)
    with SharedCount("a").count() as count:
        assert count.starts == []


def _made(folder):
    with SharedCount("x").count():
        pass
    for file in folder.rglob("*.slots"):
        file.unlink()
    return [path.name for path in folder.iterdir()]
