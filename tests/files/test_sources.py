from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from pathlib import Path

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.sources import (
    MAX_SOURCE_BYTES,
    SourceFile,
    checksum,
    find_sources,
    open_source,
    resolve_sources,
)


@pytest.fixture
def folder(tmp_path):
    for name in ("a.md", "app/strings.json", "web/strings.json", "news/Größe août.md"):
        put(tmp_path / name)
    for name in (".DS_Store", "app/.gitkeep", ".git/config"):
        put(tmp_path / name)
    return tmp_path


@pytest.fixture
def memory():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    attach("memory", conn_id="shop", fs=fs)
    yield fs
    fs.store.clear()


def put(path: Path, content: bytes = b"Hello") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def relative(sources: list[SourceFile]) -> list[str]:
    return [source.relative_path for source in sources]


def test_a_glob_finds_visible_files_below_its_fixed_folder(folder):
    sources = find_sources(f"{folder}/**/*")
    assert relative(sources) == ["a.md", "app/strings.json", "news/Größe août.md", "web/strings.json"]
    assert sources[1] == SourceFile(f"{folder}/app/strings.json", "app/strings.json", 5)
    assert (sources[1].name, sources[1].folder) == ("strings.json", "app")
    assert (sources[0].name, sources[0].folder) == ("a.md", "")


def test_a_source_is_plain_json(folder):
    source = find_sources(f"{folder}/news/*")[0]
    assert SourceFile.from_dict(json.loads(json.dumps(source.as_dict()))) == source


def test_a_plain_file_is_relative_to_its_folder(folder):
    assert relative(find_sources(f"{folder}/app/strings.json")) == ["strings.json"]


def test_several_files_are_relative_to_what_they_share(folder):
    found = find_sources([f"{folder}/web/strings.json", f"{folder}/app/strings.json"])
    assert relative(found) == ["app/strings.json", "web/strings.json"]


def test_several_globs_keep_their_folders_apart(folder):
    assert relative(find_sources([f"{folder}/app/*", f"{folder}/web/*"])) == [
        "app/strings.json",
        "web/strings.json",
    ]


def test_a_base_is_taken_as_given(folder):
    assert relative(find_sources(f"{folder}/app/*", base=str(folder))) == ["app/strings.json"]


def test_a_file_matched_twice_comes_once(folder):
    assert len(find_sources([f"{folder}/**/*.md", f"{folder}/*.md", f"{folder}/a.md"])) == 2


def test_relative_paths_and_file_urls_name_the_same_file(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert (
        find_sources("app/../a.md") == find_sources(f"file://{folder}/a.md") == find_sources(f"{folder}/a.md")
    )


def test_a_file_with_brackets_in_its_name_is_no_glob(tmp_path):
    put(tmp_path / "guide [1].md")
    assert relative(find_sources(f"{tmp_path}/guide [1].md")) == ["guide [1].md"]


def test_a_linked_file_counts_and_a_linked_folder_is_not_followed(folder):
    (folder / "linked.md").symlink_to(folder / "a.md")
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.md").symlink_to(folder / "nowhere")
    found = find_sources(f"{folder}/**/*.md")
    assert relative(found) == ["a.md", "linked.md", "news/Größe août.md"]
    assert {source.size for source in found} == {5}


def test_object_stores_are_searched_and_read(memory):
    memory.pipe({"/bucket/in/a.md": b"Hello", "/bucket/in/x/b.md": b"World", "/bucket/in/.hidden": b"x"})
    found = find_sources("memory://shop@bucket/in/**/*")
    assert found == [
        SourceFile("memory://shop@bucket/in/a.md", "a.md", 5),
        SourceFile("memory://shop@bucket/in/x/b.md", "x/b.md", 5),
    ]
    with open_source(found[1].path) as file:
        assert file.read() == b"World"
    assert checksum(found[1].path) == hashlib.sha256(b"World").hexdigest()


def test_sources_of_two_stores_are_each_relative_to_their_own(memory, folder):
    memory.pipe({"/bucket/in/b.md": b"World"})
    found = find_sources(["memory://bucket/in/b.md", f"{folder}/a.md"])
    assert relative(found) == ["a.md", "b.md"]


def test_a_checksum_follows_the_content_not_the_name(tmp_path):
    content = os.urandom(3_000_001)
    one, other = put(tmp_path / "one", content), put(tmp_path / "other", content)
    assert checksum(str(one)) == checksum(str(other)) == hashlib.sha256(content).hexdigest()


def refuse(*sources: str, **options) -> PhraseInputError:
    with pytest.raises(PhraseInputError) as caught:
        find_sources(list(sources), **options)
    assert caught.value.hint
    return caught.value


def test_no_source(folder):
    assert "No source" in str(refuse())
    assert "No source" in str(refuse(" "))


def test_a_missing_file(folder):
    assert f"{folder}/none.md does not exist" in str(refuse(f"{folder}/none.md"))


def test_a_folder_is_answered_with_the_glob_for_its_files(folder):
    error = refuse(f"{folder}/app/")
    assert f"{folder}/app is a folder" in error.message
    assert f"{folder}/app/**/*" in error.hint


def test_a_glob_without_a_match(folder):
    assert f"nothing matches {folder}/*.docx" in str(refuse(f"{folder}/*.docx"))


def test_a_glob_that_only_hits_hidden_files(folder):
    assert "nothing matches" in str(refuse(f"{folder}/.git*"))


def test_an_empty_file(folder):
    empty = put(folder / "empty.md", b"")
    assert f"{empty} is empty" in str(refuse(f"{folder}/*.md"))


def test_a_file_above_phrases_limit(folder):
    with (folder / "large.md").open("wb") as file:
        file.truncate(MAX_SOURCE_BYTES)
    assert len(find_sources(f"{folder}/large.md")) == 1
    with (folder / "large.md").open("ab") as file:
        file.write(b"x")
    assert "1,000,000,001 bytes" in str(refuse(f"{folder}/large.md"))


def test_a_path_that_phrase_would_cut_off(tmp_path):
    put(tmp_path / ("d" * 200) / ("f" * 54))
    assert len(find_sources(f"{tmp_path}/**/*")) == 1
    put(tmp_path / ("d" * 200) / ("f" * 55))
    error = refuse(f"{tmp_path}/**/*")
    assert "256 characters" in error.message
    assert "base" in error.hint


def test_a_name_that_phrase_would_take_for_a_folder(tmp_path):
    put(tmp_path / "a\\b.md")
    assert "backslash" in str(refuse(f"{tmp_path}/*"))


def test_a_source_outside_the_base(folder):
    assert "is not below the base" in str(refuse(f"{folder}/a.md", base=f"{folder}/app"))


def test_all_offenders_are_named_at_once(folder):
    put(folder / "empty.md", b"")
    message = str(refuse(f"{folder}/none.md", f"{folder}/app", f"{folder}/*.docx", f"{folder}/empty.md"))
    for part in ("none.md does not exist", "app is a folder", "nothing matches", "empty.md is empty"):
        assert part in message


def test_a_store_without_a_file_system_is_named():
    error = refuse("gopher://host/in/a.md")
    assert "gopher" in error.message
    assert "provider" in error.hint


@pytest.mark.parametrize("name", ["none.md", "app"])
def test_what_cannot_be_opened_is_named(folder, name):
    with pytest.raises(PhraseInputError, match=f"{name} cannot be read"):
        open_source(f"{folder}/{name}")


def test_two_names_that_differ_only_in_how_an_accent_is_composed(tmp_path):
    files = [put(tmp_path / unicodedata.normalize(form, "é.md")) for form in ("NFC", "NFD")]
    assert len(find_sources(f"{tmp_path}/*")) == len(files)
    with pytest.raises(PhraseInputError, match=r"would both be .* in Phrase"):
        resolve_sources(f"{tmp_path}/*")


def test_a_pipe_or_device_is_no_source_and_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link", "/dev/zero"):
        assert f"{path} is neither a file nor a folder" in str(refuse(str(path)))
    assert "nothing matches" in str(refuse(f"{tmp_path}/*"))
