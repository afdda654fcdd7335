"""Files that the processes of one user share, and that nobody else can write or read."""

from __future__ import annotations

import os
import stat

import pytest

from phrase_provider.api.auth.private_files import (
    derive,
    open_private,
    require_private,
    shared_directory,
    try_lock,
)


def test_directory_is_this_users_own_in_the_temporary_one(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert shared_directory() == tmp_path / f"phrase-provider-{os.getuid()}"


def test_new_file_is_closed_to_others_whatever_the_umask(tmp_path):
    path = tmp_path / "own" / "file"
    before = os.umask(0)
    try:
        with open_private(path) as file:
            assert file.read() == b""
    finally:
        os.umask(before)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path.parent, path)] == [0o700, 0o600]


def test_file_that_is_there_keeps_its_content(tmp_path):
    for expected in (b"", b"kept"):
        with open_private(tmp_path / "own" / "file") as file:
            assert file.read() == expected
            file.seek(0)
            file.write(b"kept")


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o710, 0o704])
def test_directory_that_others_may_enter_is_refused(tmp_path, mode):
    folder = tmp_path / "own"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(PermissionError, match="does not belong to this user alone"):
        open_private(folder / "file")
    assert list(folder.iterdir()) == []


def test_link_is_not_followed(tmp_path):
    folder, elsewhere = tmp_path / "own", tmp_path / "elsewhere"
    folder.mkdir(mode=0o700)
    (folder / "file").symlink_to(elsewhere)
    (tmp_path / "link").symlink_to(folder)
    for path in (folder / "file", tmp_path / "link" / "file"):
        with pytest.raises(OSError, match=r"symbolic links|does not belong to this user alone"):
            open_private(path)
    assert not elsewhere.exists()


def test_kind_of_file_must_be_the_expected_one(tmp_path):
    path = tmp_path / "file"
    path.touch(mode=0o600)
    require_private(path, stat.S_ISREG)
    with pytest.raises(PermissionError):
        require_private(path, stat.S_ISDIR)
    with pytest.raises(FileNotFoundError):
        require_private(tmp_path / "none", stat.S_ISREG)


def test_lock_has_one_holder_until_it_is_closed(tmp_path):
    with open_private(tmp_path / "own" / "lock") as one, open_private(tmp_path / "own" / "lock") as other:
        assert try_lock(one)
        assert not try_lock(other)
        one.close()
        assert try_lock(other)


def test_derived_bytes_depend_on_secret_and_purpose_alone():
    derived = derive(b"secret", b"name")
    assert derived == derive(b"secret", b"name")
    assert len({derived, derive(b"secret", b"key"), derive(b"other", b"name")}) == 3
    assert len(derived) == 32
    assert b"secret" not in derived
