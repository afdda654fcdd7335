from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.target_naming import check_naming, name_target


@pytest.mark.parametrize(
    ("naming", "path"),
    [
        ("{lang}/{relative_path}", "/out/pt-BR/docs/a.b.md"),
        ("{folder}/{stem}.{lang}{suffix}", "/out/docs/a.b.pt-BR.md"),
        ("{lang}-{name}", "/out/pt-BR-a.b.md"),
        ("./{project}//{name}", "/out/Spring/a.b.md"),
    ],
)
def test_pattern_is_filled_in_below_the_target_folder(naming, path):
    check_naming(naming, ["project"])
    assert name_target("docs/a.b.md", "pt-BR", "/out/", naming, {"project": "Spring"}) == path


def test_folder_of_a_file_at_the_top_is_left_out():
    assert name_target("a.md", "de", "/out", "{folder}/{lang}/{name}") == "/out/de/a.md"


@pytest.mark.parametrize(
    ("naming", "told"),
    [
        ("{lang", "is broken"),
        ("{project}", "unknown fields: project"),
        ("/{name}", "is absolute"),
        ("s3://bucket/{name}", "is absolute"),
    ],
)
def test_pattern_that_cannot_be_used_is_refused(naming, told):
    with pytest.raises(PhraseInputError, match=told):
        check_naming(naming)


@pytest.mark.parametrize(("relative_path", "naming"), [("../a.md", "{relative_path}"), ("a.md", "{folder}")])
def test_target_that_is_no_file_below_the_folder_is_refused(relative_path, naming):
    with pytest.raises(PhraseInputError, match="not a file below the target folder"):
        name_target(relative_path, "de", "/out", naming)
