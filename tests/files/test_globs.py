"""What paths, URLs and globs find."""

from __future__ import annotations

import pytest

from phrase_provider.files.globs import SourceGlobs, expand_all


@pytest.fixture
def folder(tmp_path):
    for name in ("a.md", "x/b.md", "x/.hidden.md", ".git/c.md", "x/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text")
    return tmp_path


def test_globs_and_paths_find_files_with_folder_and_size(folder):
    matches, offences = expand_all([f"{folder}/**/*.md", f"{folder}/x/d.txt"])
    assert offences == []
    assert {(match.path, match.size, match.folder) for match in matches} == {
        (f"{folder}/a.md", 4, str(folder)),
        (f"{folder}/x/b.md", 4, str(folder)),
        (f"{folder}/x/d.txt", 4, f"{folder}/x"),
    }


@pytest.mark.parametrize(
    ("item", "problem"),
    [("{}/*.pdf", "nothing matches"), ("{}/none.md", "does not exist"), ("{}/x", "is a folder")],
)
def test_what_finds_nothing_is_an_offence(folder, item, problem):
    matches, (offence,) = expand_all([item.format(folder)])
    assert matches == []
    assert problem in offence.problem


def test_glob_that_would_find_a_path_is_told(folder):
    globs = SourceGlobs([f"{folder}/a.md", f"{folder}/x/*.md"])
    assert globs.matching(f"{folder}/x/new.md") == f"{folder}/x/*.md"
    assert globs.matching(f"{folder}/x/y/new.md") is None
    assert globs.matching(f"{folder}/a.md") is None
