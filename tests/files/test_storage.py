"""Local paths and URLs: how a place is written, and whose file system it is in."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files import storage


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("a.md", "{here}/a.md"),
        ("in/../a.md", "{here}/a.md"),
        ("./in//a.md", "{here}/in/a.md"),
        ("/in/a.md/", "/in/a.md"),
        ("file:///in/a.md", "/in/a.md"),
        ("local:///in/./a.md", "/in/a.md"),
        ("s3://conn@bucket/in/", "s3://conn@bucket/in"),
        ("s3://bucket/in/../a.md", "s3://bucket/in/../a.md"),
    ],
)
def test_place_is_the_same_from_every_working_directory(tmp_path, monkeypatch, given, place):
    monkeypatch.chdir(tmp_path)
    assert storage.locate(given) == place.format(here=tmp_path.resolve())


@pytest.mark.parametrize(
    ("place", "local", "store"),
    [
        ("/in/a.md", True, False),
        ("s3", True, False),
        ("s3://bucket/a.md", False, True),
        ("gs://bucket/a.md", False, True),
        ("abfss://container/a.md", False, True),
        ("sftp://host/a.md", False, False),
    ],
)
def test_kind_of_a_place_is_told_by_its_scheme(place, local, store):
    assert (storage.is_local(place), storage.is_object_store(place)) == (local, store)


def test_two_names_of_one_file_have_one_identity(tmp_path):
    (tmp_path / "a.md").write_text("Hello")
    (tmp_path / "link.md").symlink_to("a.md")
    (tmp_path / "folder").symlink_to(tmp_path)
    names = ("a.md", "link.md", "folder/a.md", "folder/link.md")
    assert len({storage.identity(f"{tmp_path}/{name}") for name in names}) == 1
    assert storage.identity("s3://bucket/a.md") == "s3://bucket/a.md"


def test_identities_of_many_places_are_those_of_each(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x/a.md").write_text("Hello")
    for link, leads_to in [("x/link.md", "a.md"), ("y", "x"), ("circle", "circle"), ("out", "/nowhere/b.md")]:
        (tmp_path / link).symlink_to(leads_to)
    names = ("x/a.md", "x/link.md", "y/a.md", "y/link.md", "circle", "circle/a.md", "out", "none/a.md")
    places = [*(f"{tmp_path}/{name}" for name in names), "s3://bucket/a.md", "/a.md"]
    assert storage.identities(places) == {place: storage.identity(place) for place in places}


def test_links_in_a_circle_have_an_identity_too(tmp_path):
    (tmp_path / "a.md").symlink_to("b.md")
    (tmp_path / "b.md").symlink_to("a.md")
    assert storage.identity(f"{tmp_path}/a.md")


@pytest.mark.parametrize(
    ("folder", "file"),
    [("/in", "/in/x/a.md"), ("/in/", "/in/x/a.md"), ("s3://bucket/in", "s3://bucket/in/x/a.md")],
)
def test_name_below_a_folder_leads_back_to_it(folder, file):
    assert storage.join(folder, "x/a.md") == file
    assert storage.parent(storage.parent(file)) == folder.rstrip("/")


def test_root_is_the_folder_of_what_lies_in_it():
    assert storage.parent("/a.md") == "/"


def test_local_place_is_opened_by_its_path(tmp_path):
    (tmp_path / "a.md").write_text("Hello")
    fs, path = storage.filesystem(f"{tmp_path}/a.md")
    assert path == f"{tmp_path}/a.md"
    with fs.open(path, "rb") as file:
        assert file.read() == b"Hello"


def test_url_is_opened_by_its_path_within_the_store():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    store = MemoryFileSystem()
    attach("memory", conn_id="storage", fs=store)
    store.pipe({"/bucket/storage/a.md": b"Hello"})
    fs, path = storage.filesystem("memory://storage@bucket/storage/a.md")
    with fs.open(path, "rb") as file:
        assert file.read() == b"Hello"
    store.rm_file("/bucket/storage/a.md")


def test_url_of_an_unknown_scheme_asks_for_a_provider():
    with pytest.raises(PhraseInputError, match=r"gopher://host/\\x1b\[2J cannot be opened") as caught:
        storage.filesystem("gopher://host/\x1b[2J")
    assert "Install the Airflow provider" in caught.value.hint
