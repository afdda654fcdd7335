"""Sources that are gone, as opposed to those that a run leaves out."""

from __future__ import annotations

import pytest
from manifest_lines import at, line

from phrase_provider.exceptions import PhrasePlanLimitError
from phrase_provider.files.sources import SourceFile
from phrase_provider.manifest.lines import key_of
from phrase_provider.services.tms.changes.deleted_sources import (
    FEW,
    SourceSelection,
    deleted_sources,
    deletion_lines,
    require_few,
    return_lines,
)
from phrase_provider.services.tms.changes.source_comparison import SourceComparison


def gone(folder, *names, with_path=True):
    lines = [line(name, base=f"{folder}/in", job_uid="j", project_uid="p") for name in names]
    if with_path:
        lines = [one | {"path": f"{folder}/in/{one['source']}"} for one in lines]
    return list(SourceComparison({key_of(one): one for one in lines}, ["de"]).gone([]))


def deleted(changes, source, **selection):
    return [
        change["relative_path"] for change in deleted_sources(changes, SourceSelection(source, **selection))
    ]


@pytest.mark.parametrize("with_path", [True, False])
def test_what_a_glob_would_find_and_is_not_there_is_deleted(tmp_path, with_path):
    changes = gone(tmp_path, "a.md", "x/b.md", with_path=with_path)
    assert deleted(changes, f"{tmp_path}/in/**/*.md") == ["a.md", "x/b.md"]


def test_what_no_glob_would_find_is_not(tmp_path):
    changes = gone(tmp_path, "a.md", "x/b.md", "c.txt")
    assert deleted(changes, [f"{tmp_path}/in/x/*.md", f"{tmp_path}/in/c.txt"]) == ["x/b.md"]


@pytest.mark.parametrize("exclude", ["x", "x/*.md", ["*b*"]])
def test_what_is_excluded_is_not(tmp_path, exclude):
    assert deleted(gone(tmp_path, "a.md", "x/b.md"), f"{tmp_path}/in/**/*.md", exclude=exclude) == ["a.md"]


def test_what_is_there_all_the_same_is_not(tmp_path):
    """Such as an empty file that the run leaves out."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.md").touch()
    assert deleted(gone(tmp_path, "a.md", "b.md"), f"{tmp_path}/in/*.md", skip_empty=True) == ["b.md"]


@pytest.mark.parametrize(
    ("count", "known", "percent", "passes"),
    [
        (FEW, FEW, 0, True),
        (FEW + 1, 1000, 1, False),
        (200, 1000, 20, True),
        (201, 1000, 20, False),
        (1000, 1000, 100, True),
    ],
)
def test_limit(tmp_path, count, known, percent, passes):
    changes = gone(tmp_path, "a.md") * count
    if passes:
        require_few(changes, known, percent)
        return
    with pytest.raises(
        PhrasePlanLimitError, match=rf"{count} of 1,000 .* {tmp_path}/in/a\.md.*{percent} percent"
    ):
        require_few(changes, known, percent)


def test_lines_of_deleted_sources_keep_what_was_known(tmp_path):
    lines = {key_of(one): one for one in [line("a.md", "de", words=3), line("a.md", "fr"), line("b.md")]}
    changes = [
        change for change in SourceComparison(lines, ["de"]).gone([]) if change["relative_path"] == "a.md"
    ]
    written = list(deletion_lines(changes, lines, "later"))
    assert [(one["source"], one["target_lang"], one["run"]) for one in written] == [
        ("a.md", "de", "later"),
        ("a.md", "fr", "later"),
    ]
    assert written[0]["words"] == 3
    assert all(one["deleted_at"] and one["at"] > at(0) for one in written)


def test_lines_of_sources_that_are_there_again_are_alive_unless_their_jobs_have_ended():
    gone_lines = [
        line("a.md", deleted_at=at(1), status="DELIVERED"),
        line("b.md", deleted_at=at(1), status="CANCELLED"),
        line("c.md", deleted_at=at(1), status="NEW"),
        line("d.md", status="NEW"),
    ]
    files = [SourceFile(f"/in/{name}.md", f"{name}.md", 1) for name in "abd"]
    (written,) = return_lines(files, {key_of(one): one for one in gone_lines}, "later")
    assert (written["source"], written["deleted_at"]) == ("a.md", None)
