from __future__ import annotations

import hashlib
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from phrase_provider.exceptions import PhraseDownloadError, PhraseInputError
from phrase_provider.files.sources import fingerprint
from phrase_provider.files.targets import (
    WrittenFile,
    check_target,
    check_targets,
    remove_target,
    write_target,
)

AS_LIBRARY = {**os.environ, "_AIRFLOW__AS_LIBRARY": "1"}
#: A writer in a process of its own.
WRITER = """
import time
from airflow.sdk.io import attach
from fsspec.implementations.local import LocalFileSystem
from phrase_provider.files.targets import write_target

attach("memory", conn_id="disk", fs=LocalFileSystem())

def body(letter):
    for _ in range(20):
        yield letter.encode() * 10_000

def endless():
    while True:
        yield b"x"
        time.sleep(0.01)

"""


@pytest.fixture
def memory():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    class BreakingFileSystem(MemoryFileSystem):
        cachable = False

        def put_file(self, lpath, rpath, **kwargs):
            self.pipe({rpath: Path(lpath).read_bytes()[:3]})
            raise ConnectionResetError("upload broke off")

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    attach("memory", conn_id="breaking", fs=BreakingFileSystem())
    yield fs
    fs.store.clear()


@pytest.fixture(autouse=True)
def spool_folder(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("spool")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def broken_off():
    yield b"Hallo "
    raise ConnectionResetError("download broke off")


def test_a_target_is_written_with_its_folders(tmp_path):
    path = tmp_path / "out/de/Größe.md"
    written = write_target(str(path), [b"Hallo ", b"", b"Welt"], expected_size=10)
    assert path.read_bytes() == b"Hallo Welt"
    assert written == WrittenFile(str(path), 10, hashlib.sha256(b"Hallo Welt").hexdigest())
    assert files(tmp_path) == ["out/de/Größe.md"]


def test_an_older_target_is_replaced(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("old and longer")
    write_target(f"file://{path}", [b"new"])
    assert path.read_text() == "new"


def test_the_file_mode_follows_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_target(str(tmp_path / "a.md"), [b"x"])
    finally:
        os.umask(before)
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("body", [b"short", b"much too long"])
def test_a_body_of_another_length_is_refused_and_leaves_the_old_target(tmp_path, body):
    path = tmp_path / "a.md"
    path.write_text("old")
    with pytest.raises(PhraseDownloadError, match=f"{len(body)} bytes arrived, 8 were announced"):
        write_target(str(path), [body], expected_size=8)
    assert path.read_text() == "old"
    assert files(tmp_path) == ["a.md"]


def test_an_error_of_the_body_passes_and_leaves_nothing(tmp_path):
    with pytest.raises(ConnectionResetError, match="download broke off"):
        write_target(str(tmp_path / "a.md"), broken_off())
    assert files(tmp_path) == []


def test_two_writers_of_one_target_do_not_mix(tmp_path):
    path = tmp_path / "a.md"
    both_half_way = threading.Barrier(2, timeout=10)

    def body(letter: bytes):
        yield letter * 100_000
        both_half_way.wait()
        yield letter * 100_000

    writers = [
        threading.Thread(target=write_target, args=(str(path), body(letter))) for letter in (b"a", b"b")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_bytes() in (b"a" * 200_000, b"b" * 200_000)
    assert files(tmp_path) == ["a.md"]


def test_an_object_store_gets_the_whole_file(memory):
    written = write_target("memory://bucket/out/de/a.md", [b"Hallo ", b"Welt"], expected_size=10)
    assert memory.cat_file("/bucket/out/de/a.md") == b"Hallo Welt"
    assert (written.path, written.size) == ("memory://bucket/out/de/a.md", 10)


def test_an_object_store_gets_nothing_of_a_broken_body(memory):
    with pytest.raises(ConnectionResetError):
        write_target("memory://bucket/out/a.md", broken_off())
    with pytest.raises(PhraseDownloadError):
        write_target("memory://bucket/out/a.md", [b"x"], expected_size=2)
    assert memory.find("/bucket") == []


def test_a_broken_upload_leaves_no_part_behind(memory):
    with pytest.raises(ConnectionResetError, match="upload broke off"):
        write_target("memory://breaking@bucket/out/a.md", [b"Hallo Welt"])
    assert memory.find("/bucket") == []


class Renaming(LocalFileSystem):
    """Renames like SMB (an error) or WebHDFS (silence) where the new name is taken."""

    cachable = False

    def __init__(self, silent: bool) -> None:
        super().__init__()
        self.silent = silent

    def mv(self, path1, path2, **kwargs):
        if not Path(path2).exists():
            Path(path1).rename(path2)
        elif not self.silent:
            raise FileExistsError(path2)


@pytest.mark.parametrize("silent", [True, False])
def test_an_older_target_is_replaced_where_files_are_not_renamed_onto_others(tmp_path, silent):
    from airflow.sdk.io import attach

    attach("memory", conn_id="renaming", fs=Renaming(silent))
    # The folders are those of a local file system, below the name of a bucket.
    for body in (b"old", b"new"):
        write_target(f"memory://renaming@{tmp_path}/out/a.md", [body])
    (written,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert (written.name, written.read_bytes()) == ("a.md", b"new")


def test_what_a_killed_writer_left_behind_is_removed(tmp_path):
    path = tmp_path / "a.md"
    program = "import sys, time\n" + WRITER + "write_target(sys.argv[1], endless())\n"
    with subprocess.Popen([sys.executable, "-c", program, str(path)], env=AS_LIBRARY) as writer:
        while not (left := list(tmp_path.iterdir())):
            time.sleep(0.01)
        write_target(str(path), [b"of another writer"])
        assert set(files(tmp_path)) == {"a.md", left[0].name}
        writer.kill()
    write_target(str(tmp_path / "b.md"), [b"another target"])
    assert left[0].exists()
    write_target(str(path), [b"again"])
    assert files(tmp_path) == ["a.md", "b.md"]


@pytest.mark.parametrize("url", ["{}", "memory://disk@{}"])
def test_two_processes_that_write_one_target_do_not_mix(tmp_path, url):
    target = url.format(tmp_path / "a.md")
    program = "import sys\n" + WRITER + "for _ in range(30): write_target(sys.argv[1], body(sys.argv[2]))\n"
    writers = [
        subprocess.Popen([sys.executable, "-c", program, target, letter], env=AS_LIBRARY) for letter in "ab"
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        for path in tmp_path.rglob("a.md"):
            seen.add(path.read_bytes())
        # Leaves the processor to the writers.
        time.sleep(0.002)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen
    assert seen <= {b"a" * 200_000, b"b" * 200_000}
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.md"]


def test_a_check_leaves_no_trace(tmp_path, memory):
    check_target(str(tmp_path / "new/deep/a.md"))
    check_target("memory://bucket/out/a.md")
    assert list(tmp_path.iterdir()) == []
    assert memory.find("/") == []


def test_a_check_accepts_an_older_target(tmp_path):
    (tmp_path / "a.md").write_text("old")
    check_target(str(tmp_path / "a.md"))
    assert (tmp_path / "a.md").read_text() == "old"


def test_a_folder_in_the_place_of_the_target(tmp_path, memory):
    memory.pipe({"/bucket/out/a.md/other": b"x"})
    for path in (str(tmp_path), "memory://bucket/out/a.md"):
        with pytest.raises(PhraseInputError, match="is a folder"):
            check_target(path)


def test_a_file_in_the_place_of_a_folder(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PhraseInputError, match=r"Nothing can be written in .*/out"):
        check_target(str(tmp_path / "out/de/a.md"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PhraseInputError, match="Permission denied"):
        check_target(str(tmp_path / "de/a.md"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux")
def test_a_file_system_that_takes_no_files():
    with pytest.raises(PhraseInputError, match="Nothing can be written in /proc"):
        check_target("/proc/phrase/de/a.md")


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/a.md").write_text("old")
    (tmp_path / "a.md").symlink_to("shared/a.md")
    (tmp_path / "chain.md").symlink_to("a.md")
    for name in ("a.md", "chain.md"):
        check_target(str(tmp_path / name))
        written = write_target(str(tmp_path / name), [name.encode()])
        assert written.path == str(tmp_path / name)
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "shared/a.md").read_text() == name
    assert not (tmp_path / "shared/a.md").is_symlink()
    assert files(tmp_path) == ["a.md", "chain.md", "shared/a.md"]


def test_a_link_that_leads_to_nothing_yet_is_followed(tmp_path):
    (tmp_path / "a.md").symlink_to("new/a.md")
    check_target(str(tmp_path / "a.md"))
    write_target(str(tmp_path / "a.md"), [b"new"])
    assert (tmp_path / "a.md").is_symlink()
    assert (tmp_path / "new/a.md").read_text() == "new"


def test_a_broken_body_leaves_link_and_file_as_they_were(tmp_path):
    (tmp_path / "b.md").write_text("old")
    (tmp_path / "a.md").symlink_to("b.md")
    with pytest.raises(ConnectionResetError):
        write_target(str(tmp_path / "a.md"), broken_off())
    assert (tmp_path / "a.md").is_symlink()
    assert (tmp_path / "b.md").read_text() == "old"
    assert files(tmp_path) == ["a.md", "b.md"]


def test_a_link_to_a_folder_or_in_a_circle_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.md").symlink_to("folder")
    (tmp_path / "b.md").symlink_to("c.md")
    (tmp_path / "c.md").symlink_to("b.md")
    with pytest.raises(PhraseInputError, match=r"a\.md is a folder"):
        check_target(str(tmp_path / "a.md"))
    with pytest.raises(PhraseInputError, match=r"b\.md is a symbolic link that leads in a circle"):
        check_target(str(tmp_path / "b.md"))


def test_a_pipe_a_device_or_a_socket_is_refused_and_stays(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        # Not bound by its whole path, which may be too long for a socket.
        folder = os.open(tmp_path, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{folder}/socket")
        for path in (tmp_path / "pipe", tmp_path / "link", tmp_path / "socket", "/dev/null"):
            with pytest.raises(PhraseInputError, match="is a pipe, a device or a socket"):
                check_target(str(path))
        os.close(folder)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_only_what_was_written_is_removed(tmp_path):
    target = tmp_path / "a.md"
    target.write_text("Hello")
    assert not remove_target(str(target), fingerprint([b"Other"]))
    assert target.read_text() == "Hello"
    assert remove_target(str(target), fingerprint([b"Hello"]))
    assert not target.exists()
    assert remove_target(str(target), fingerprint([b"Hello"]))


def test_many_targets_are_checked_folder_by_folder(tmp_path):
    (tmp_path / "de").mkdir()
    check_targets(f"{tmp_path}/{lang}/{number}.md" for lang in ("de", "fr/new") for number in range(5))
    assert files(tmp_path / "de") == []
    assert not (tmp_path / "fr").exists()


@pytest.mark.parametrize("name", ["de/taken", "de/../x", "de/" + "x" * 300])
def test_one_bad_target_among_many_is_named(tmp_path, name):
    (tmp_path / "de/taken").mkdir(parents=True)
    with pytest.raises(PhraseInputError, match=name[-10:]):
        check_targets([f"{tmp_path}/de/a.md", f"{tmp_path}/{name}"])


def test_folder_of_many_targets_that_cannot_be_made_is_named():
    with pytest.raises(PhraseInputError, match="Nothing can be written in /proc"):
        check_targets(["/proc/phrase/de/a.md", "/proc/phrase/de/b.md"])
