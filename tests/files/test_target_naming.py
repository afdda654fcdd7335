"""The names of target files, from a pattern."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.sources import SourceFile
from phrase_provider.files.target_naming import TargetNaming, check_naming, name_target


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


FILE = SourceFile("/in/docs/guide.en.md", "docs/guide.en.md", 1)


def paths(naming="{lang}/{relative_path}", file=FILE, **arguments):
    return TargetNaming(["de", "pt_br"], "/out", naming, **arguments).paths(file)


@pytest.mark.parametrize(
    ("naming", "path"),
    [
        ("{lang}/{relative_path}", "/out/pt-BR/docs/guide.en.md"),
        ("{folder}/{stem}.{lang}{suffix}", "/out/docs/guide.en.pt-BR.md"),
        ("{lang:>6}/{name}", "/out/ pt-BR/guide.en.md"),
        ("{lang:.2}/{name}", "/out/pt/guide.en.md"),
        ("{lang!r}/{name}", "/out/'pt-BR'/guide.en.md"),
        ("./x//{lang}/{name}", "/out/x/pt-BR/guide.en.md"),
        ("{lang}{lang}", "/out/pt-BRpt-BR"),
    ],
)
def test_pattern_is_filled_in_for_all_languages_at_once(naming, path):
    assert paths(naming)["pt_br"] == path


def test_file_at_the_top_has_no_folder_in_any_language():
    file = SourceFile("/in/a.md", "a.md", 1)
    assert paths("{folder}/{lang}/{name}", file) == {"de": "/out/de/a.md", "pt_br": "/out/pt-BR/a.md"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"de": "", "pt-BR": "pt"}, {"de": "/out/docs/guide.en.md", "pt_br": "/out/pt/docs/guide.en.md"}),
        (
            {"de": "a/./b", "pt-BR": "."},
            {"de": "/out/a/b/docs/guide.en.md", "pt_br": "/out/docs/guide.en.md"},
        ),
        ({"de": "values-de", "pt-BR": "values.pt"}, None),
    ],
)
def test_texts_of_languages_may_be_folders_or_none(texts, expected):
    found = paths(language_format=texts)
    assert found == (
        expected or {"de": "/out/values-de/docs/guide.en.md", "pt_br": "/out/values.pt/docs/guide.en.md"}
    )


@pytest.mark.parametrize(
    ("naming", "arguments"),
    [
        ("{lang}/../{name}", {}),
        ("{lang}/{name}", {"language_format": {"de": "..", "pt-BR": "pt"}}),
        ("/{folder}", {}),
    ],
)
def test_name_that_leads_elsewhere_is_refused(naming, arguments):
    with pytest.raises(PhraseInputError, match=r"not a file below|absolute"):
        paths(naming, SourceFile("/in/a.md", "a.md", 1), **arguments)


def test_missing_target_folder_is_refused():
    with pytest.raises(PhraseInputError, match="No target folder"):
        TargetNaming(["de"], " ")
