"""Fingerprints of files: each file is read once, or not at all where its store says that it is as it was."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files import fingerprints as module
from phrase_provider.files.fingerprints import Fingerprints
from phrase_provider.files.sources import SourceFile, checksum, open_source
from phrase_provider.files.words import estimate_words


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def cache(tmp_path):
    return f"{tmp_path}/out/checksums.cache"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("Two words")
    return SourceFile(str(path), "a.md", 9, "changed 1")


def look(cache, file, known=()):
    """Look as a run does; gives the fingerprint, and whether the file was read."""
    seen = Fingerprints(cache)
    found = seen.of(file, known)
    seen.save()
    return found, seen.read


def test_new_content_is_read_once_for_checksum_and_words(cache, file, monkeypatch):
    opened = []

    def counted(path):
        opened.append(path)
        return open_source(path)

    monkeypatch.setattr(module, "open_source", counted)
    assert look(cache, file) == ((sha256("Two words"), 2), 1)
    assert opened == [file.path]


@pytest.mark.parametrize("size", [0, 8, 100])
def test_file_that_grew_or_shrank_since_it_was_found_is_read_to_its_end(cache, file, size):
    assert look(cache, replace(file, size=size)) == ((sha256("Two words"), 2), 1)


def test_known_content_is_not_counted(cache, file):
    assert look(cache, file, [sha256("Two words")]) == ((sha256("Two words"), None), 1)


def test_file_that_is_as_it_was_is_not_read(cache, file):
    known = [sha256("Two words")]
    look(cache, file, known)
    Path(file.path).unlink()
    assert look(cache, file, known) == ((known[0], None), 0)
    assert look(cache, file, known) == ((known[0], None), 0)


@pytest.mark.parametrize("change", [{"stamp": "changed 2"}, {"size": 8}, {"stamp": ""}])
def test_file_that_may_have_changed_is_read(cache, file, change):
    known = [sha256("Two words")]
    look(cache, file, known)
    Path(file.path).write_text("Other words now")
    assert look(cache, replace(file, **change), known) == ((sha256("Other words now"), 3), 1)


def test_file_without_a_stamp_is_read_each_time(cache, file):
    for _ in range(2):
        assert look(cache, replace(file, stamp=""), [sha256("Two words")])[1] == 1


def test_content_that_is_not_in_phrase_yet_is_counted_again(cache, file):
    """A run that failed before it sent a file leaves no words behind for the next one."""
    look(cache, file)
    assert look(cache, file) == ((sha256("Two words"), 2), 1)


def test_nothing_is_written_when_nothing_is_new(cache, file):
    known = [sha256("Two words")]
    look(cache, file, known)
    before = Path(cache).stat()
    look(cache, file, known)
    assert Path(cache).stat().st_ino == before.st_ino


def test_files_that_are_gone_are_forgotten(cache, file, tmp_path):
    (tmp_path / "b.md").write_text("x")
    seen = Fingerprints(cache)
    seen.of(file, ())
    seen.of(SourceFile(f"{tmp_path}/b.md", "b.md", 1, "changed 1"), ())
    seen.save()
    look(cache, file, [sha256("Two words")])
    assert "b.md" not in Path(cache).read_text()


@pytest.mark.parametrize("content", ["{", '{"path": "x"}', "\xff"])
def test_damaged_memory_is_as_good_as_none(cache, file, content):
    Path(cache).parent.mkdir()
    Path(cache).write_text(content, encoding="latin-1")
    known = [sha256("Two words")]
    assert look(cache, file, known)[1] == 1
    assert look(cache, file, known)[1] == 0


@pytest.mark.parametrize("name", ["large.txt", "broken.json", "page.html", "table.docx", "data.bin"])
def test_words_and_checksum_are_those_of_two_reads(cache, tmp_path, monkeypatch, name):
    monkeypatch.setattr(module, "_CHUNK_BYTES", 1000)
    monkeypatch.setattr(module, "_MOST_IN_MEMORY", 2000)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as document:
        document.writestr("word/document.xml", "<w:p><w:t>Some text here</w:t></w:p>" * 50)
        document.writestr("[Content_Types].xml", "<Types/>")
    content = {
        "large.txt": b"many words " * 1000,
        "broken.json": b'{"key": "some words"',
        "page.html": b"<p>Some words</p>" * 300,
        "table.docx": archive.getvalue(),
        "data.bin": bytes(range(256)) * 20,
    }[name]
    (tmp_path / name).write_bytes(content)
    file = SourceFile(f"{tmp_path}/{name}", name, len(content))
    assert look(cache, file)[0] == (checksum(file.path), estimate_words(file))


def test_file_that_went_is_named(cache, file):
    Path(file.path).unlink()
    with pytest.raises(PhraseInputError, match=r"a\.md cannot be read"):
        look(cache, file)
