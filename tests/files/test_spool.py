"""Files that grow until they are whole: gone unless renamed, and left alone while somebody writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from phrase_provider.files.spool import part_name, spool

TARGET = "/out/de/a.md"


def test_renamed_file_stays_with_what_was_written(tmp_path):
    with spool(TARGET, tmp_path) as (path, file):
        file.write(b"Hallo")
        file.flush()
        path.rename(tmp_path / "a.md")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    assert (tmp_path / "a.md").read_bytes() == b"Hallo"


def test_file_that_was_not_renamed_is_gone(tmp_path):
    with spool(TARGET, tmp_path) as (path, _):
        assert path.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_error_passes_and_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError), spool(TARGET, tmp_path):
        (tmp_path / "none.md").read_bytes()
    assert list(tmp_path.iterdir()) == []


def test_writers_of_one_file_have_a_file_each(tmp_path):
    with spool(TARGET, tmp_path) as (one, _), spool(TARGET, tmp_path) as (other, _):
        assert one != other
        assert one.exists()
        assert other.exists()


def test_what_nobody_writes_any_more_is_removed(tmp_path):
    left = tmp_path / part_name(TARGET)
    left.write_bytes(b"Ha")
    with spool(TARGET, tmp_path):
        assert not left.exists()


def test_what_was_left_of_another_file_stays(tmp_path):
    left = tmp_path / part_name("/out/fr/a.md")
    left.write_bytes(b"Bo")
    with spool(TARGET, tmp_path):
        pass
    assert list(tmp_path.iterdir()) == [left]


def test_name_is_hidden_short_and_used_once():
    names = {part_name(place) for place in (TARGET, TARGET, "/out/" + "ä" * 300)}
    assert len(names) == 3
    assert all(name.startswith(".") and len(name) < 100 and "/" not in name for name in names)


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_mode_follows_the_umask(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        with spool(TARGET, tmp_path) as (path, _):
            assert Path(path).stat().st_mode & 0o777 == mode
    finally:
        os.umask(before)
