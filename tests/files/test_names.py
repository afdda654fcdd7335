"""Which names a source, a planned file or a target can have."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.names import (
    MAX_COMPONENT_BYTES,
    require_absolute,
    require_relative_path,
    require_target_name,
    safe_name,
    source_name_offences,
)
from phrase_provider.files.sources import find_sources


@pytest.mark.parametrize(
    ("path", "relative_path", "told"),
    [
        ("/in/app/a.md", "app/a.md", []),
        ("/in/" + "x" * 255, "x" * 255, []),
        ("/in/x\\a.md", "x\\a.md", ["a backslash parts folders"]),
        ("/in/A.Zip", "A.Zip", ["is a ZIP file"]),
        ("/in/" + "x" * 256, "x" * 256, ["take 256 characters"]),
        ("/in/a\nb.md", "a\nb.md", ["control characters"]),
        ("/in/x\\a\n.zip", "x\\a\n.zip", ["control characters", "a backslash", "is a ZIP file"]),
    ],
)
def test_everything_that_is_wrong_with_a_source_name_is_told(path, relative_path, told):
    offences = list(source_name_offences(path, relative_path))
    assert len(offences) == len(told)
    for offence, part in zip(offences, told, strict=True):
        assert part in offence.problem
        assert offence.problem.isprintable()
        assert offence.mend.endswith(".")


@pytest.mark.parametrize("path", ["a.md", "app/a.md", ".hidden/..a", "a..b/c. d.md", "Gr\u00f6\u00dfe.md"])
def test_relative_path_below_a_folder_is_returned(path):
    assert require_relative_path(path) == path


@pytest.mark.parametrize("path", ["", "/a.md", "../a.md", "x/./a.md", "x//a.md", "x/", "x\\a.md", "a\0.md"])
def test_relative_path_that_may_lead_elsewhere_is_refused(path):
    with pytest.raises(PhraseInputError, match="names no file below the base folder"):
        require_relative_path(path)


@pytest.mark.parametrize("path", ["/in/a.md", "s3://conn@bucket/in/a.md", "/in/..a/b.md"])
def test_whole_path_is_returned(path):
    assert require_absolute(path) == path


@pytest.mark.parametrize("path", ["a.md", "./a.md", "/in/../a.md", "s3://bucket/../a.md", "/in/\ud800.md"])
def test_path_that_is_not_whole_is_refused(path):
    with pytest.raises(PhraseInputError, match="is not absolute, or cannot be a path"):
        require_absolute(path)


def test_each_folder_of_a_target_has_a_limit_of_its_own():
    longest = "x" * MAX_COMPONENT_BYTES
    path = f"/out/{longest}/{longest}"
    assert require_target_name(path) == path
    with pytest.raises(PhraseInputError, match="256 bytes, 255 are possible"):
        require_target_name(f"/out/{longest}x/a.md")


def test_an_object_may_have_a_longer_name_than_a_file():
    longest = f"s3://conn@bucket/{'ä' * 512}"
    assert require_target_name(longest) == longest
    with pytest.raises(PhraseInputError, match=r"1,025 bytes, 1,024 are possible"):
        require_target_name(f"{longest}a")


def test_document_that_is_a_zip_file_is_no_archive(tmp_path):
    for name in ("letter.docx", "zip", "a.zip.md"):
        (tmp_path / name).write_bytes(b"PK\x03\x04.." if name != "zip" else b"text")
    assert len(find_sources(f"{tmp_path}/*")) == 3


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Spring 2026", "Spring 2026"),
        ("Größe", "Größe"),
        ("a/b\\c:d", "a-b-c-d"),
        ("../../etc", "-..-etc"),
        ("..", "P1"),
        (" . ", "P1"),
        ("", "P1"),
        ("///", "P1"),
        ("a\nb\x00\x1b[1m\u202e", "a-b--[1m-"),
        ("{lang} 100%", "-lang- 100-"),
        ("x" * 300, "x" * 60),
    ],
)
def test_name_from_outside_becomes_one_folder(name, folder):
    assert safe_name(name, "P1") == folder
    assert require_target_name(f"/out/{folder}/a.md")


def test_longest_name_fits_in_a_folder_whatever_its_script():
    assert len(safe_name("語🙂" * 100, "P1").encode()) <= MAX_COMPONENT_BYTES
