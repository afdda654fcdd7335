"""What a store tells of a file that is another once its content is."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from phrase_provider.files.sources import find_sources
from phrase_provider.files.stamps import SETTLING, stamp_of

NOW = 1_800_000_000.0


def stamp(local=False, **info):
    return stamp_of({"name": "a", "size": 1, **info}, local=local, now=NOW)


@pytest.mark.parametrize("name", ["ETag", "etag"])
def test_etag_is_enough(name):
    assert stamp(**{name: '"abc"'}) == 'etag "abc"'
    assert stamp(**{name: '"abc"'}, LastModified=datetime.fromtimestamp(NOW, UTC)) == 'etag "abc"'


@pytest.mark.parametrize("name", ["mtime", "LastModified", "last_modified"])
def test_time_of_change_is_enough_where_there_is_no_etag(name):
    earlier = datetime.fromtimestamp(NOW - 60, UTC)
    assert stamp(**{name: earlier}) == stamp(**{name: earlier}) != ""
    assert stamp(**{name: earlier}) != stamp(**{name: earlier.replace(microsecond=1)})


def test_time_just_now_is_not_trusted():
    assert stamp(mtime=NOW - SETTLING - 0.1) != ""
    assert stamp(mtime=NOW - SETTLING + 0.1) == stamp(mtime=NOW + 60) == ""


@pytest.mark.parametrize("info", [{}, {"created": NOW - 60}, {"mtime": "yesterday"}, {"etag": ""}])
def test_what_tells_nothing_is_no_stamp(info):
    assert stamp(**info) == ""


def test_local_file_in_the_place_of_another_with_its_old_date_is_another():
    old = {"mtime": NOW - 999, "created": NOW - 500, "ino": 1, "local": True}
    assert stamp(**old) == stamp(**old)
    assert stamp(**old) != stamp(**old | {"created": NOW - 60})
    assert stamp(**old) != stamp(**old | {"ino": 2})
    assert stamp(**old | {"created": NOW - 1}) == ""


def test_sources_are_found_with_their_stamps(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("Hello")
    fresh = find_sources(f"{tmp_path}/*.md") + find_sources(f"{tmp_path}/a.md")
    assert {file.stamp for file in fresh} == {""}
    (tmp_path / "link.md").symlink_to("a.md")
    with pytest.MonkeyPatch.context() as later:
        later.setattr(time, "time", lambda: tmp_path.stat().st_mtime + 60)
        one, other, link = find_sources(f"{tmp_path}/*.md")
        (again,) = find_sources(f"{tmp_path}/a.md")
    assert again.stamp == one.stamp == link.stamp != ""
    assert other.stamp not in ("", one.stamp)
    assert one == next(file for file in fresh if file.path == one.path)
