"""Targets have places of their own, and are no sources."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.sources import SourceFile
from phrase_provider.files.target_checks import check_collisions, check_not_sources

A, B = SourceFile("/in/a.md", "a.md", 1), SourceFile("/in/b.md", "b.md", 1)


def test_places_of_their_own_pass():
    check_collisions([A, B], {(A, "de"): "/out/de/a.md", (B, "de"): "/out/de/b.md"})


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        ("/out/a.md", "/out/a.md", "would both be written"),
        ("/in/b.md", "/out/b.md", "would overwrite the source"),
        ("/out/a.md", "/out/a.md/b.md", "would lie in a folder that is the target"),
    ],
)
def test_place_that_is_taken_is_refused(one, other, problem):
    with pytest.raises(PhraseInputError, match=problem):
        check_collisions([A, B], {(A, "de"): one, (B, "de"): other})


def test_links_lead_to_one_place(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(PhraseInputError, match="would both be written"):
        check_collisions([A, B], {(A, "de"): f"{tmp_path}/real/x", (B, "de"): f"{tmp_path}/link/x"})


def test_target_that_the_next_run_would_find_is_refused_unless_it_is_excluded():
    with pytest.raises(PhraseInputError, match="matches the source"):
        check_not_sources("/in/**/*.md", None, [A], ["/in/out/de/a.md"])
    check_not_sources("/in/**/*.md", "out", [A], ["/in/out/de/a.md"])
    check_not_sources("/in/**/*.md", None, [A], ["/out/de/a.md"])
