"""Files that a source names and a run does not take: excluded, or empty."""

from __future__ import annotations

import json
import os
import unicodedata

import pytest

from phrase_provider.__main__ import main
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.exclusion import LeftOut
from phrase_provider.files.plan import make_plan
from phrase_provider.files.sources import MAX_SOURCE_BYTES, search_sources


@pytest.fixture
def folder(tmp_path):
    for name in ("a.md", "b.tmp", "drafts/c.md", "legal/en/d.md", "legal/en/old/e.md", "news/drafts/f.md"):
        put(tmp_path / "in" / name, b"Two words")
    return tmp_path


def put(path, content=b""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def kept(folder, exclude, **options):
    found = search_sources(f"{folder}/in/**/*", exclude=exclude, **options)
    names = {file.relative_path for file in found.files}
    assert names.isdisjoint(item.path.removeprefix(f"{folder}/in/") for item in found.left_out)
    assert len(names) + len(found.left_out) == 6
    return names


ALL = {"a.md", "b.tmp", "drafts/c.md", "legal/en/d.md", "legal/en/old/e.md", "news/drafts/f.md"}


@pytest.mark.parametrize(
    ("exclude", "left_out"),
    [
        (None, set()),
        ("", set()),
        ("nothing-like-it", set()),
        ("*.tmp", {"b.tmp"}),
        ("drafts", {"drafts/c.md", "news/drafts/f.md"}),
        ("drafts/", {"drafts/c.md", "news/drafts/f.md"}),
        ("./drafts/**", {"drafts/c.md"}),
        ("drafts/*", {"drafts/c.md"}),
        ("legal/*/*.md", {"legal/en/d.md"}),
        ("legal/**/*.md", {"legal/en/d.md", "legal/en/old/e.md"}),
        ("legal/en", {"legal/en/d.md", "legal/en/old/e.md"}),
        ("en/old", set()),
        ("**/old", {"legal/en/old/e.md"}),
        ("{folder}/in/legal", {"legal/en/d.md", "legal/en/old/e.md"}),
        ("{folder}/in/*.md", {"a.md"}),
        (["*.tmp", " ", "drafts"], {"b.tmp", "drafts/c.md", "news/drafts/f.md"}),
        ("*.tmp\n\n  drafts \n", {"b.tmp", "drafts/c.md", "news/drafts/f.md"}),
        ("[ab].*", {"a.md", "b.tmp"}),
        ("A.md", set()),
    ],
)
def test_what_a_pattern_excludes(folder, exclude, left_out):
    if isinstance(exclude, str):
        exclude = exclude.format(folder=folder)
    assert kept(folder, exclude) == ALL - left_out


def test_name_is_excluded_however_its_accents_are_composed(folder):
    put(folder / "in" / unicodedata.normalize("NFD", "é.md"), b"x")
    found = search_sources(f"{folder}/in/**/*", exclude=unicodedata.normalize("NFC", "é.md"))
    assert [item.reason for item in found.left_out] == ["excluded"]


def test_objects_are_excluded_by_key_or_url():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", conn_id="exclusion", fs=fs)
    fs.pipe({"/bucket/in/a.md": b"x", "/bucket/in/x/b.md": b"x", "/bucket/in/y/c.md": b"x"})
    found = search_sources(
        "memory://exclusion@bucket/in/**/*", exclude=["x/*", "memory://exclusion@bucket/in/y"]
    )
    assert [file.relative_path for file in found.files] == ["a.md"]
    fs.store.clear()


def test_empty_files_are_left_out_on_request_and_named(folder):
    empty = put(folder / "in/empty.md")
    with pytest.raises(PhraseInputError, match=r"empty\.md is empty.*leave it out, by exclude or skip_empty"):
        search_sources(f"{folder}/in/*")
    found = search_sources(f"{folder}/in/*", skip_empty=True)
    assert found.left_out == [LeftOut(str(empty), "empty")]
    assert [file.relative_path for file in found.files] == ["a.md", "b.tmp"]


@pytest.mark.parametrize(
    "name", [b"caf\xe9.tmp", b"two\nlines.tmp", b"back\\slash.tmp", b"n" * 250 + b".tmp"]
)
def test_what_is_excluded_need_not_be_fit_for_phrase(folder, name):
    (folder / "in" / os.fsdecode(name)).write_bytes(b"")
    with (folder / "in/large.tmp").open("wb") as file:
        file.truncate(MAX_SOURCE_BYTES + 1)
    found = search_sources(f"{folder}/in/*", base=str(folder), exclude="*.tmp")
    assert [file.relative_path for file in found.files] == ["in/a.md"]
    assert len(found.left_out) == 3


@pytest.mark.parametrize(
    ("options", "reason"), [({"exclude": "*"}, "excluded"), ({"skip_empty": True}, "empty")]
)
def test_nothing_left_is_refused(folder, options, reason):
    for path in (folder / "in").glob("*.*"):
        path.write_bytes(b"")
    with pytest.raises(PhraseInputError, match=rf"Every file .* left out: 2, .*a\.md \({reason}\)"):
        search_sources(f"{folder}/in/*", **options)


def test_pattern_that_cannot_be_one(folder):
    with pytest.raises(PhraseInputError, match=r"exclude pattern 'a\\x00' has control characters"):
        search_sources(f"{folder}/in/*", exclude=["a\0"])


def test_target_folder_within_the_source_may_be_excluded(folder):
    arguments = (f"{folder}/in/**/*", "de", f"{folder}/in/out")
    with pytest.raises(PhraseInputError, match="matches the source"):
        make_plan(*arguments)
    assert len(make_plan(*arguments, exclude="out/**").targets) == 6


def test_plan_names_what_is_left_out_and_its_base(folder):
    put(folder / "in/empty.md")
    plan = make_plan(f"{folder}/in/**/*", "de", f"{folder}/out", exclude=["drafts", "legal"], skip_empty=True)
    told = json.loads(json.dumps(plan.as_dict()))
    assert told["base"] == f"{folder}/in"
    assert {source["base"] for source in told["sources"]} == {f"{folder}/in"}
    assert {item["path"].removeprefix(f"{folder}/in/"): item["reason"] for item in told["left_out"]} == {
        "drafts/c.md": "excluded",
        "empty.md": "empty",
        "legal/en/d.md": "excluded",
        "legal/en/old/e.md": "excluded",
        "news/drafts/f.md": "excluded",
    }
    assert f"Left out: {folder}/in/empty.md (empty)" in plan.table().splitlines()


def test_many_that_are_left_out_do_not_flood_the_table(folder):
    for number in range(60):
        put(folder / f"in/{number}.md")
    lines = make_plan(f"{folder}/in/*", "de", f"{folder}/out", skip_empty=True).table().splitlines()
    assert sum(line.startswith("Left out: /") for line in lines) == 50
    assert "Left out: 10 more" in lines


def test_base_that_is_given_is_the_base_of_the_plan(folder):
    plan = make_plan(f"{folder}/in/legal/**/*", "de", f"{folder}/out", base=str(folder))
    assert plan.as_dict()["base"] == str(folder)
    assert plan.by_source()[0]["base"] == str(folder)


def test_command_line_leaves_out(folder, capsys):
    put(folder / "in/empty.md")
    arguments = ["plan", f"{folder}/in/**/*", "--target-lang", "de", "--target-folder", f"{folder}/out"]
    assert main([*arguments, "--exclude", "drafts", "--exclude", "*.tmp"]) == 2
    assert "empty.md is empty" in capsys.readouterr().err
    assert main([*arguments, "--exclude", "drafts", "--exclude", "*.tmp", "--skip-empty", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["files"] == 3
    assert len(told["left_out"]) == 4
